package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.Service;
import io.agentopia.toolbox.local.StackOptions;
import io.agentopia.toolbox.local.StartRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The archives of the services' classes: made by a stack that records, used by the next. */
@Tag("alone")
@Tag("all")
class StartRecordingTest {
  private static final List<String> RECORDED =
      Service.programs().stream().filter(program -> !program.equals(Service.AGENT)).toList();

  @Test
  void theServicesOfTheNextStackStartFromWhatWasRecorded() throws IOException {
    var runs = Files.createDirectories(Path.of("target/stack"));
    var recording =
        new StartRecording(
            ContainerPlatform.REPOSITORY, Files.createTempDirectory(runs, "recording-"));
    recording.make();
    assertThat(recording.isNeeded()).isFalse();

    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "what a process maps is told by Linux");
    var dir = Files.createTempDirectory(runs, "recorded-");
    try (var stack = LocalStack.start(StackOptions.isolated(ContainerPlatform.REPOSITORY, dir))) {
      for (var service : RECORDED) {
        var maps = Path.of("/proc", Long.toString(stack.process(service).pid()), "maps");
        assertThat(Files.readAllLines(maps))
            .as(service)
            .anyMatch(line -> line.contains("/" + service + "/target/classes-"));
      }
    }
  }
}
