package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.StartRecording;
import io.agentopia.toolbox.local.process.ProcessLog;
import io.agentopia.toolbox.local.process.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The archive of the services' classes, made in the background once per build: nobody waits for it,
 * and only the next start gains. It has the lowest priority, and ends with {@code ./toolbox down}.
 */
final class Archiving {
  private Archiving() {}

  /** Begins it if some service has no archive, when what the person waits for is done. */
  static void beginIfNeeded(Place place, Screen screen) {
    var recording = new StartRecording(place.options().repository(), place.recording());
    if (!recording.isNeeded() || recording.goesOn()) {
      return;
    }
    var log = ProcessLog.rotated(place.logs(), "archive-classes").file();
    try {
      begin(place, log);
      screen.line(
          "In the background, what the services load to start is archived, once per build: the next start is faster.");
    } catch (IOException e) {
      throw new UncheckedIOException("starting the archiving of classes failed", e);
    }
  }

  private static void begin(Place place, Path log) throws IOException {
    var builder = new ProcessBuilder(Program.detached(command(place)));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
    builder.start().getOutputStream().close();
  }

  static List<String> command(Place place) {
    var command = new ArrayList<>(List.of("nice", "-n", "19"));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            StartRecording.mark(place.recording()),
            "-Dtoolbox.home=" + place.options().repository(),
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            Launcher.class.getName(),
            "archive-classes"));
    return command;
  }

  /** Ends it, if it goes on; the next {@code up} begins again. */
  static void end(Place place) {
    StartRecording.abandon(place.recording());
  }
}
