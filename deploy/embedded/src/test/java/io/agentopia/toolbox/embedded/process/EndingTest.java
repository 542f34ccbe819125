package io.agentopia.toolbox.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EndingTest {
  @Test
  void aProcessThatIgnoresSigtermIsKilledWithItsChildren() throws IOException {
    var stubborn = sh("trap '' TERM; sleep 1000 & while :; do wait; done");
    await().until(() -> stubborn.descendants().findAny().isPresent());
    var children = stubborn.descendants().toList();

    Ending.end(stubborn, Duration.ofMillis(200));

    assertThat(Ending.isGone(stubborn)).isTrue();
    await().until(() -> children.stream().allMatch(Ending::isGone));
  }

  @Test
  void aPausedProcessIsEndedWithoutWaitingForTheGrace() throws IOException {
    var paused = sh("exec sleep 1000");
    Signal.STOP.send(paused.pid());

    Ending.end(paused, Duration.ofMinutes(1));

    assertThat(Ending.isGone(paused)).isTrue();
  }

  private static ProcessHandle sh(String script) throws IOException {
    return new ProcessBuilder("sh", "-c", script).start().toHandle();
  }
}
