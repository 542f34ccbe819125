package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CharactersTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "ä ß € 漢字", "\uD83D\uDE00", "~"})
  void whatCanBeStoredAndShownIsGood(String text) {
    assertThat(Characters.wrongInLine(text)).isNull();
    assertThat(Characters.wrongInText(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\0", "\u001b[2J", "\u007f", "\u0085", "\uD83D", "\uDE00", "\uDE00\uD83D"})
  void whatCannotIsNamedWithItsPlace(String text) {
    assertThat(Characters.wrongInLine(text)).contains("U+", "at character");
    assertThat(Characters.wrongInText(text)).contains("U+", "at character");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\r\nb", "a\tb"})
  void linesAreGoodInTextsAndNotInOneLine(String text) {
    assertThat(Characters.wrongInText(text)).isNull();
    assertThat(Characters.wrongInLine(text)).contains("at character 2");
  }

  @Test
  void whatIsShownIsShortAndOfOneLine() {
    assertThat(Shown.of("x".repeat(64))).hasSize(66);
    assertThat(Shown.of("x".repeat(65))).hasSize(67).contains("…");
    assertThat(Shown.of("a\n\0\uD83D")).isEqualTo("'a\\u000a\\u0000\\ud83d'");
    assertThat(Shown.of(7.5)).isEqualTo("7.5");
  }

  @Test
  void whatIsKeptAsItCameHasNoNul() {
    assertThat(Characters.storable("a\0b\n\0")).isEqualTo("a\ufffdb\n\ufffd");
    assertThat(Characters.storable("as it is\t")).isEqualTo("as it is\t");
    assertThat(Characters.storable(null)).isNull();
  }
}
