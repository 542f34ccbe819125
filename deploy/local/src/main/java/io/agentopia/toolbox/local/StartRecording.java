package io.agentopia.toolbox.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;

/**
 * Archives the classes that the services load when they start: starts a stack of its own whose JVMs
 * record, and ends it. From then on every stack of this build starts faster, and a service that was
 * killed is back sooner.
 */
public final class StartRecording {
  private final StackOptions options;
  private final Map<String, ClassArchive> archives;

  /** Marks a JVM that runs {@link #make} in that directory, so that {@link #abandon} finds it. */
  public static String mark(Path dir) {
    return Leftovers.mark(dir);
  }

  /**
   * Kills what records in that directory, in whatever process: an archive that was not finished is
   * worth nothing, and writing it to the end would take longer than anybody waits.
   */
  public static void abandon(Path dir) {
    try {
      new Leftovers(dir).kill();
    } catch (IOException e) {
      throw new UncheckedIOException("ending the recording in " + dir + " failed", e);
    }
  }

  /**
   * @param dir data and logs of the stack that records
   */
  public StartRecording(Path repository, Path dir) {
    this.options = StackOptions.isolated(repository, dir).thatRecords();
    this.archives = Components.archives(options.repository());
  }

  /** Whether some service of this build has no archive, and this JVM is one that can make it. */
  public boolean isNeeded() {
    var own = Path.of(System.getProperty("java.home"), "lib", "server", "classes.jsa");
    return Files.exists(own) && archives.values().stream().anyMatch(ClassArchive::isMissing);
  }

  /** Whether a process records in this directory now. */
  public boolean goesOn() {
    return StackState.read(options.stateFile()).flatMap(StackState::supervisor).isPresent();
  }

  /** Replaces all archives; an exception names the services that recorded nothing. */
  public void make() {
    LocalStack.start(options).close();
    var without = new ArrayList<String>();
    try {
      for (var archive : archives.entrySet()) {
        if (!archive.getValue().keep()) {
          without.add(archive.getKey());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("keeping the recorded classes failed", e);
    }
    if (!without.isEmpty()) {
      throw new IllegalStateException(
          "no classes were recorded by %s; their logs are in %s"
              .formatted(String.join(", ", without), options.dir().resolve("logs")));
    }
  }
}
