package io.agentopia.toolbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording in the background ends when nobody wants it any more. */
class StartRecordingEndsTest {
  @TempDir Path dir;

  @Test
  void abandoningKillsWhatRecordsThereAndNothingElse() throws Exception {
    var here = recorder(dir);
    var elsewhere = recorder(dir.resolve("elsewhere"));
    try {
      assertThat(here.inputReader().readLine()).isEqualTo("runs");
      assertThat(elsewhere.inputReader().readLine()).isEqualTo("runs");

      StartRecording.abandon(dir);
      assertThat(here.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(elsewhere.isAlive()).isTrue();
    } finally {
      here.destroyForcibly();
      elsewhere.destroyForcibly();
    }
  }

  @Test
  void withNothingThereAbandoningDoesNothingAndNothingGoesOn() {
    StartRecording.abandon(dir);
    assertThat(new StartRecording(dir, dir.resolve("recording")).goesOn()).isFalse();
  }

  /** A process with the mark on its command line that does not end by itself, nor when asked to. */
  private static Process recorder(Path dir) throws IOException {
    return new ProcessBuilder(
            "sh",
            "-c",
            "trap '' TERM; echo runs; read forever # java " + StartRecording.mark(dir) + " ")
        .start();
  }
}
