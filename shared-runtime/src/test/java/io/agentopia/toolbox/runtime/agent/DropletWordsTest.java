package io.agentopia.toolbox.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DropletWordsTest {
  private static DropletWords said(String json) {
    return DropletWords.of(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "'a\\u0000b', a\ufffdb",
    "'\\ud800x', \ufffdx",
    "'x\\udc00', x\ufffd",
    "'\\ud83d\\ude00', \ud83d\ude00",
    "'\\u001b[31m\\u0007', \ufffd[31m\ufffd",
    "'\\u0085\\u009b', \ufffd\ufffd",
    "'plain \u00e9', plain \u00e9",
  })
  void aTextIsMadeHarmless(String sent, String heard) {
    var words = said("{\"f\":\"" + sent + "\"}");
    assertThat(words.text("f", 100)).isEqualTo(heard);
    assertThat(words.unfit().isEmpty()).isEqualTo(!heard.contains("\ufffd"));
  }

  @Test
  void lineBreaksAndTabsStay() {
    assertThat(said("{\"f\":\"a\\r\\nb\\rc\\td\\n\"}").text("f", 100)).isEqualTo("a\nb\nc\td\n");
    assertThat(said("{\"f\":\"raw\nline\u0001\"}").text("f", 100)).isEqualTo("raw\nline\ufffd");
  }

  @Test
  void aTextIsCutWhereverThatFalls() {
    var words = said("{\"f\":\"ab\\ud83d\\ude00cd\"}");
    assertThat(words.text("f", 3)).isEqualTo("ab\ufffd");
    assertThat(words.lastText("f", 3)).isEqualTo("\ufffdcd");
    assertThat(words.unfit()).containsExactly("f");
    assertThat(said("{\"f\":\"" + "x".repeat(1 << 20) + "\"}").text("f", 64)).hasSize(64);
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5, true",
    "-1, 0, false",
    "NaN, 7, false",
    "Infinity, 100, false",
    "-Infinity, 0, false",
    "1e999, 100, false",
    "99999999999999999999999999, 100, false",
    "5.5, 5, false",
    "'\"5\"', 7, false",
    "null, 7, true",
    "[], 7, false",
    "true, 7, false"
  })
  void aNumberIsWithinBounds(String sent, long heard, boolean fits) {
    var words = said("{\"f\":" + sent + "}");
    assertThat(words.number("f", 0, 100, 7)).isEqualTo(heard);
    assertThat(words.unfit().isEmpty()).isEqualTo(fits);
    assertThat(words.decimal("f", 0, 100)).isBetween(0.0, 100.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\\u0000\"",
        "\"not an id\"",
        "5",
        "{}",
        "\"" + "0" + "\"",
        "\"0-0-0-0-0\"",
        "\"00000000-0000-0000-0000-00000000000g\""
      })
  void whatIsNoIdIsAbsentAndNamed(String sent) {
    var words = said("{\"o\":{\"f\":" + sent + "}}");
    assertThat(words.object("o").id("f")).isNull();
    assertThat(words.unfit()).containsExactly("o.f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"yesterday\"",
        "\"+999999999-12-31T00:00:00Z\"",
        "\"1970-01-01T00:00:00Z\"",
        "5"
      })
  void whatIsNoTimeOfOursIsAbsent(String sent) {
    var words = said("{\"f\":" + sent + "}");
    assertThat(words.instant("f")).isNull();
    assertThat(words.unfit()).containsExactly("f");
  }

  @Test
  void listsAreBoundedAndTheirOddMembersLeftOut() {
    var many = said("{\"l\":[" + "{\"a\":1},".repeat(5000) + "7]}");
    assertThat(many.objects("l", 200)).hasSize(200);
    assertThat(many.unfit()).contains("l");
    assertThat(said("{\"l\":[1,\"a\",null,\"\\u0000\"]}").texts("l", 8, 4))
        .containsExactly("a", "\ufffd");
    assertThat(said("{\"l\":{}}").objects("l", 8)).isEmpty();
    assertThat(said("{}").texts("l", 8, 4)).isNull();
  }

  @Test
  void onlyTheFirstTwentyMisfitsAreNamed() {
    var words = said("{\"l\":[" + "{\"a\":\"x\"},".repeat(99) + "{}]}");
    words.objects("l", 200).forEach(o -> o.id("a"));
    assertThat(words.unfit()).hasSize(20).startsWith("l[0].a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "5", "\"x\"", "{", "{\"a\":}", "\u0000"})
  void whatIsNoObjectSaysNothing(String body) {
    assertThat(DropletWords.of(body.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void bytesOfAnyKindDoNoHarm() {
    var random = new Random(7);
    for (var i = 0; i < 5000; i++) {
      var bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      DropletWords.of(bytes).ifPresent(words -> words.text("f", 10));
    }
    var latin = "{\"f\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(DropletWords.of(latin).orElseThrow().text("f", 9)).isEqualTo("\ufffd");
    var deep = "{\"f\":".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    assertThat(DropletWords.of(deep)).isEmpty();
  }

  @Test
  void aDocumentIsCleanedAsAWhole() throws JsonProcessingException {
    var json = new ObjectMapper();
    var many = "[" + "0,".repeat(600) + "0]";
    var dirty =
        json.readTree(
            "{\"k\\u0000\":[\"a\\u0000\",{\"x\":\"\\ud800\",\"n\":1e999}],\"many\":"
                + many
                + ",\"long\":\""
                + "y".repeat(9000)
                + "\",\"ok\":[1,true,null,2.5]}");
    var clean = DropletDocument.clean(dirty);
    assertThat(clean.get("k\ufffd").toString())
        .isEqualTo("[\"a\ufffd\",{\"x\":\"\ufffd\",\"n\":null}]");
    assertThat(clean.get("many")).hasSize(500);
    assertThat(clean.get("long").textValue()).hasSize(4000);
    assertThat(clean.get("ok").toString()).isEqualTo("[1,true,null,2.5]");
  }

  @Test
  void aFormIsKeptToOrTheTextIsAbsent() {
    var form = Pattern.compile("[a-z]+");
    var words = said("{\"a\":\"abc\",\"b\":\"ABC\",\"c\":\"abc\\n\",\"d\":\"\"}");
    assertThat(words.matching("a", form)).isEqualTo("abc");
    assertThat(List.of("b", "c")).allMatch(f -> words.matching(f, form) == null);
    assertThat(words.matching("d", form)).isNull();
    assertThat(words.unfit()).containsExactly("b", "c");
  }
}
