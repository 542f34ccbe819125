package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.local.keys.KeysFile;
import io.agentopia.toolbox.local.keys.Rotation;
import io.agentopia.toolbox.runtime.security.KeyRing.Key;
import io.agentopia.toolbox.runtime.security.KeyRingFile;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RotatedKeysRefuseNobodyTest extends Story {
  private static final Rotation QUICK = new Rotation(Duration.ofSeconds(5), Duration.ofSeconds(30));
  private final KeysFile keys = new KeysFile(PLATFORM.keysFile());

  @Test
  void theAgentIsHeardAndReachedWithBothKeysAndWithTheNewOneAlone() {
    var id = activeToolbox(uniqueName("rotated"));
    var before = keys.read();

    keys.rotate(KeyRingFile.PURPOSES, QUICK, Instant.now());
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
    assertThat(keys.read()).isNotEqualTo(before);
    delete(id);
  }

  /** When the last of the old keys is not accepted any more. */
  private Instant ends() {
    return KeyRingFile.PURPOSES.stream()
        .flatMap(purpose -> keys.read().ring(purpose).stream())
        .map(Key::notAfter)
        .filter(Objects::nonNull)
        .max(Instant::compareTo)
        .orElseThrow();
  }
}
