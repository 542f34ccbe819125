package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.embedded.process.Ending;
import io.agentopia.toolbox.local.StackState;
import io.agentopia.toolbox.local.process.ProcessLog;
import io.agentopia.toolbox.local.process.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A supervisor in a process of its own, which stays when the command that started it ends. */
final class DetachedSupervisor {
  private static final Duration GRACE = Duration.ofSeconds(60);
  private final Place place;
  private final Process process;
  private final ProcessLog log;

  private DetachedSupervisor(Place place, Process process, ProcessLog log) {
    this.place = place;
    this.process = process;
    this.log = log;
  }

  static DetachedSupervisor start(Place place) {
    var log = ProcessLog.rotated(place.logs(), "supervisor");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        List.of(
            java,
            "-Dtoolbox.home=" + place.options().repository(),
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            Launcher.class.getName(),
            "supervise",
            "--droplets=" + place.options().droplets().word());
    var builder = new ProcessBuilder(Program.detached(command));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.file().toFile()));
    try {
      var process = builder.start();
      process.getOutputStream().close();
      return new DetachedSupervisor(place, process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("starting the supervisor failed", e);
    }
  }

  /** Shows what happens until all is ready; an exception says why it will not be. */
  StackState awaitReady(Progress progress) {
    while (true) {
      var ended = Ending.ended(List.of(process.toHandle()), Duration.ofMillis(100));
      var state = ownState();
      state.ifPresent(progress::show);
      if (ended) {
        throw new IllegalStateException(whatWentWrong(state));
      }
      if (state.map(StackState::phase).equals(Optional.of(StackState.Phase.READY))) {
        return state.get();
      }
    }
  }

  void stop(Screen screen) {
    if (process.isAlive()) {
      screen.line("Stopping ...");
      Ending.end(process.toHandle(), GRACE);
    }
  }

  private Optional<StackState> ownState() {
    return StackState.read(place.options().stateFile())
        .filter(s -> s.supervisorPid() == process.pid());
  }

  private String whatWentWrong(Optional<StackState> state) {
    return state
        .map(StackState::failure)
        .orElseGet(() -> String.join("\n", ProcessLog.tail(log.file(), 15)));
  }
}
