package io.agentopia.toolbox.runtime.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.runtime.security.KeyRing.Key;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRingTest {
  private static final Instant T = Instant.parse("2026-11-24T12:00:00Z");

  /** "new" is used from T+60 on, "old" is accepted until T+3600. */
  private static final KeyRing ROTATING =
      new KeyRing(
          List.of(
              new Key("new", "secret-that-is-new", T.plusSeconds(60), null),
              new Key("old", "secret-that-is-old", T.minusSeconds(9000), T.plusSeconds(3600))));

  @ParameterizedTest(name = "{0} s after the rotation {1} is used and {2} are accepted")
  @CsvSource({
    "0,    old, old new",
    "59,   old, old new",
    "60,   new, new old",
    "3599, new, new old",
    "3600, new, new",
  })
  void oneIsUsedAndSeveralAreAccepted(long after, String used, String accepted) {
    var now = T.plusSeconds(after);
    assertThat(ROTATING.current(now).id()).isEqualTo(used);
    assertThat(ROTATING.accepted(now)).extracting(Key::id).containsExactly(accepted.split(" "));
  }

  @Test
  void aKeyIsFoundByItsIdOnlyWhileItIsAccepted() {
    assertThat(ROTATING.accepted("old", T.plusSeconds(3599))).isPresent();
    assertThat(ROTATING.accepted("old", T.plusSeconds(3600))).isEmpty();
    assertThat(ROTATING.accepted("unknown", T)).isEmpty();
  }

  @Test
  void aRingWhoseKeysAreAllOverSaysSo() {
    var over = new KeyRing(List.of(new Key("old", "secret-that-is-old", null, T)));
    assertThatThrownBy(() -> over.current(T)).hasMessageContaining("rotate the keys");
  }

  @Test
  void theIdOfAKeyFromTheEnvironmentIsTheSameInEveryServiceAndTellsNoSecret() {
    var key = KeyRing.of("secret-of-the-environment").current(T);
    assertThat(key.id()).hasSize(8).isEqualTo(KeyRing.idOf("secret-of-the-environment"));
    assertThat(key.toString()).doesNotContain("secret-of");
  }

  @Test
  void shortSecretsAndTwoKeysOfOneIdAreRefused() {
    assertThatThrownBy(() -> KeyRing.of("too-short")).hasMessageContaining("fewer than 16");
    var key = new Key("a", "secret-that-is-old", null, null);
    assertThatThrownBy(() -> new KeyRing(List.of(key, key))).hasMessageContaining("one id");
  }
}
