package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.StartRecording;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Option;

/** What the commands have in common. */
abstract class LocalCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  Place place;
  Screen screen;

  void at(Place place, Screen screen) {
    this.place = place;
    this.screen = screen;
  }

  /** Before a stack starts, once per build. Without it everything works, and starts slower. */
  void archiveClasses() {
    var recording =
        new StartRecording(place.options().repository(), place.dir().resolve("recording"));
    if (!recording.isNeeded()) {
      return;
    }
    var begin = Instant.now();
    var stopping = new AtomicBoolean();
    Runnable stop =
        () -> {
          stopping.set(true);
          screen.line("Stopping ...");
        };
    screen.line(
        "Archiving what the services load to start, once per build; then they start faster ...");
    try (var _ = new OnInterrupt(screen, stop)) {
      recording.make();
      var time = Progress.seconds(Duration.between(begin, Instant.now()));
      screen.line("Archived after" + time + ".");
    } catch (RuntimeException e) {
      screen.line("Not archived, so they start slower: " + e.getMessage());
    }
    if (stopping.get()) {
      // While this JVM ends, nothing may be started that would outlive it.
      throw new CancellationException("stopped while archiving");
    }
  }
}
