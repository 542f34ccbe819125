package io.agentopia.toolbox.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.runtime.security.KeyRing.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final String LONG = "-and-long-enough-to-sign-an-agents-token";

  @TempDir Path dir;

  private Path ring(String... ids) throws IOException {
    var keys = new StringBuilder();
    for (var id : ids) {
      keys.append(keys.isEmpty() ? "" : ",")
          .append("{\"id\": \"%s\", \"secret\": \"%s%s\"}".formatted(id, id, LONG));
    }
    return Files.writeString(
        dir.resolve("keys.json"),
        "{\"agent-token\": [%s], \"backend-to-dtma\": [%s]}".formatted(keys, keys));
  }

  private static KeyRings reading(Path file) {
    return new KeyRings(Optional.of(file), Optional.empty(), Optional.empty());
  }

  @Test
  void aRotationIsSeenWithoutARestart() throws IOException {
    var rings = reading(ring("one"));
    ring("two", "one");
    rings.readAgain();
    assertThat(rings.agentToken().accepted(NOW)).extracting(Key::id).containsExactly("two", "one");
    assertThat(rings.backendToDtma().accepted("two", NOW)).isPresent();
  }

  @Test
  void aFileThatCannotBeReadLeavesTheKeysInUse() throws IOException {
    var rings = reading(ring("one"));
    Files.writeString(dir.resolve("keys.json"), "{\"agent-token\": [{\"sec");
    rings.readAgain();
    assertThat(rings.agentToken().current(NOW).id()).isEqualTo("one");
    Files.delete(dir.resolve("keys.json"));
    rings.readAgain();
    assertThat(rings.agentToken().current(NOW).id()).isEqualTo("one");
  }

  @Test
  void aServiceDoesNotStartWithARingItCannotRead() throws IOException {
    assertThatThrownBy(() -> reading(dir.resolve("missing.json")))
        .isInstanceOf(UncheckedIOException.class);
    var broken = Files.writeString(dir.resolve("keys.json"), "{\"agent-token\": \"hunter2\"}");
    assertThatThrownBy(() -> reading(broken))
        .hasRootCauseMessage(
            "the key ring " + broken + " is not as ./toolbox keys writes it (line 1)");
  }

  @Test
  void theEnvironmentStandsInForAPurposeTheFileLacks() throws IOException {
    var file = Files.writeString(dir.resolve("keys.json"), "{}");
    var rings =
        new KeyRings(
            Optional.of(file), Optional.of("environment" + LONG), Optional.of("environment-key-1"));
    assertThat(rings.agentToken().current(NOW).secret()).isEqualTo("environment" + LONG);
    assertThat(rings.backendToDtma().current(NOW).secret()).isEqualTo("environment-key-1");
  }

  @Test
  void aServiceThatNeedsAKeyItDoesNotHaveSaysWhatToSet() {
    var none = new KeyRings(Optional.empty(), Optional.empty(), Optional.empty());
    assertThatThrownBy(none::agentToken).hasMessageContaining("set AGENT_TOKEN_SECRET");
    assertThatThrownBy(none::backendToDtma).hasMessageContaining("set BACKEND_TO_DTMA_API_KEY");
    assertThatThrownBy(
            () -> new KeyRings(Optional.empty(), Optional.of("16-characters-or"), Optional.empty()))
        .hasMessageContaining("fewer than 32");
  }
}
