package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.local.keys.Key;
import io.agentopia.toolbox.local.keys.KeyRingFile;
import io.agentopia.toolbox.local.keys.Rotation;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RotatedKeysRefuseNobodyTest extends Story {
  private static final Rotation QUICK = new Rotation(Duration.ofSeconds(5), Duration.ofSeconds(30));
  private final KeyRingFile ring = new KeyRingFile(PLATFORM.keysFile(), new SecureRandom());

  @Test
  void theAgentIsHeardAndReachedWithBothKeysAndWithTheNewOneAlone() {
    var id = activeToolbox(uniqueName("rotated"));
    var before = ring.read();

    ring.rotate(KeyRingFile.PURPOSES, QUICK, Instant.now());
    assertThat(agentStatus(id).status()).as("while both are accepted").isEqualTo(200);

    var over = ends();
    patiently("a heartbeat that is accepted after the old keys' end, and an answer of the agent")
        .until(
            () -> {
              var status = agentStatus(id);
              return status.status() == 200
                  && Instant.parse(status.text("/last_heartbeat/last_ok_at")).isAfter(over);
            });
    var tool = deploy(id, "late");
    awaitTool(id, tool, "running");
    assertThat(awaitToolbox(id, "active").path("generation").asLong()).isEqualTo(1);
    assertThat(ring.read()).isNotEqualTo(before);
    delete(id);
  }

  /** When the last of the old keys is not accepted any more. */
  private Instant ends() {
    return ring.read().values().stream()
        .flatMap(List::stream)
        .map(Key::notAfter)
        .filter(Objects::nonNull)
        .max(Instant::compareTo)
        .orElseThrow();
  }
}
