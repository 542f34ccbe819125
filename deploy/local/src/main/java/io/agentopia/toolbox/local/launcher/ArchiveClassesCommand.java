package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.StartRecording;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;

/**
 * What {@link Archiving} starts: records what the services load to start. Exit code 1: no archive
 * was made; everything works, and starts slower.
 */
@Command(name = "archive-classes", hidden = true)
final class ArchiveClassesCommand extends LocalCommand {
  @Override
  public Integer call() {
    var begin = Instant.now();
    new StartRecording(place.options().repository(), place.recording()).make();
    screen.line("Archived after" + Progress.seconds(Duration.between(begin, Instant.now())) + ".");
    return 0;
  }
}
