package io.agentopia.toolbox.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLogTest {
  @TempDir Path dir;

  /** What somebody reports half an hour later has to be found after two more starts. */
  @Test
  void theLogsOfFormerStartsAreKeptInANumber() throws IOException {
    for (var start = 1; start <= ProcessLog.KEPT + 3; start++) {
      Files.writeString(ProcessLog.rotated(dir, "service").file(), "start " + start);
    }
    assertThat(dir.resolve("service.log")).hasContent("start 12");
    assertThat(dir.resolve("service.log.1")).hasContent("start 11");
    assertThat(dir.resolve("service.log.9")).hasContent("start 3");
    assertThat(dir.resolve("service.log.10")).doesNotExist();
  }

  @Test
  void oneThatHasGrownTooLargeIsBegunAnewWhileItsProcessWritesOn() throws IOException {
    var log = ProcessLog.rotated(dir, "service");
    try (var process = Files.newOutputStream(log.file(), StandardOpenOption.APPEND)) {
      process.write(new byte[(int) ProcessLog.MOST_BYTES - 1]);
      log.cutIfLarge();
      assertThat(dir.resolve("service.log.1")).doesNotExist();
      process.write("!".getBytes());
      log.cutIfLarge();
      process.write("after".getBytes());
    }
    assertThat(log.file()).hasContent("after");
    assertThat(dir.resolve("service.log.1")).hasSize(ProcessLog.MOST_BYTES);
  }

  @Test
  void formerOnesAreForgottenWithTheirAge() throws IOException {
    var log = ProcessLog.rotated(dir, "service");
    var now = Instant.now();
    var old = Files.writeString(dir.resolve("service.log.2"), "old");
    var young = Files.writeString(dir.resolve("service.log.1"), "young");
    Files.setLastModifiedTime(old, FileTime.from(now.minus(ProcessLog.OLDEST).minusSeconds(1)));
    log.forget(now);
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }
}
