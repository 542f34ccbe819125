package io.agentopia.toolbox.health.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.Rules.Violation;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RolloutRequestTest {
  private static final String A = "@sha256:" + "a".repeat(64);
  private static final String B = "@sha256:" + "b".repeat(64);
  private static final Map<String, Object> GOOD =
      Map.of(
          "version",
          "v0.2.0",
          "images",
          List.of("docker.io/agentopia/dtma" + A, "127.0.0.1:5000/dtma" + A));

  /** As droplets boot from them, with tags; a colon of a registry's port is none. */
  private static final Repositories ALLOWED =
      Repositories.of(
          List.of(
              "docker.io/agentopia/dtma:latest",
              " 127.0.0.1:5000/dtma",
              "dtma" + B,
              "a",
              "b:1",
              "c",
              "d",
              "e",
              "f"));

  @Test
  void whatIsLeftOutIsTheUsual() {
    var wish = RolloutRequest.read(GOOD, ALLOWED).wish();
    assertThat(wish.digest()).isEqualTo(A.substring(1));
    assertThat(wish.settings(5))
        .isEqualTo(new Settings(3, Duration.ofSeconds(600), Duration.ofSeconds(900), 10, 1));
    assertThat(wish.settings(19).maxFailures()).isEqualTo(1);
    assertThat(wish.settings(20).maxFailures()).isEqualTo(2);
    assertThat(wish.settings(109).atOnce()).isEqualTo(10);
    assertThat(wish.settings(110).atOnce()).isEqualTo(11);
  }

  @Test
  void whatIsGivenHolds() {
    var body = new HashMap<>(GOOD);
    body.putAll(
        Map.of(
            "canaries", 3, "bakeSeconds", 1, "deadlineSeconds", 2, "atOnce", 4, "maxFailures", 0));
    body.put("reason", "a fix");
    var wish = RolloutRequest.read(body, ALLOWED).wish();
    assertThat(wish.settings(500))
        .isEqualTo(new Settings(3, Duration.ofSeconds(1), Duration.ofSeconds(2), 4, 0));
    assertThat(wish.reason()).isEqualTo("a fix");
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("version", null),
        Arguments.of("version", ""),
        Arguments.of("version", "a b"),
        Arguments.of("version", 2),
        Arguments.of("version", "v".repeat(65)),
        Arguments.of("images", null),
        Arguments.of("images", List.of()),
        Arguments.of("images", "dtma" + A),
        Arguments.of("images", List.of("a" + A, "b" + A, "c" + A, "d" + A, "e" + A, "f" + A)),
        Arguments.of("images", List.of("a" + A, "b" + B)),
        Arguments.of("images[0]", List.of("docker.io/agentopia/dtma:v1")),
        Arguments.of("images[0]", List.of("docker.io/agentopia/dtma:v1" + A)),
        Arguments.of("images[1]", List.of("dtma" + A, "dtma@sha256:" + "a".repeat(63))),
        Arguments.of("images[1]", Arrays.asList("dtma" + A, null)),
        Arguments.of("images[0]", List.of(List.of())),
        Arguments.of("images[0]", List.of("docker.io/agentopia/dtma2" + A)),
        Arguments.of("images[0]", List.of("docker.io/stranger/dtma" + A)),
        Arguments.of("images[0]", List.of("127.0.0.1:5001/dtma" + A)),
        Arguments.of("images[1]", List.of("dtma" + A, "ghcr.io/agentopia/dtma" + A)),
        Arguments.of("canaries", 0),
        Arguments.of("canaries", 101),
        Arguments.of("canaries", "1"),
        Arguments.of("canaries", 1.5),
        Arguments.of("bakeSeconds", 0),
        Arguments.of("bakeSeconds", 86_401),
        Arguments.of("deadlineSeconds", -1),
        Arguments.of("atOnce", 0),
        Arguments.of("maxFailures", -1),
        Arguments.of("reason", ""),
        Arguments.of("reason", "x".repeat(501)),
        Arguments.of("canary", 3));
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("wrong")
  void aWrongFieldIsNamed(String field, Object value) {
    var body = new HashMap<>(GOOD);
    body.put(field.replaceAll("\\[.*", ""), value);
    var read = RolloutRequest.read(body, ALLOWED);
    assertThat(read.wish()).isNull();
    assertThat(read.violations()).extracting(Violation::field).containsExactly(field);
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThat(RolloutRequest.read(Map.of("canaries", "two", "bake", 5), ALLOWED).violations())
        .extracting(Violation::field)
        .containsExactlyInAnyOrder("bake", "version", "images", "canaries");
  }
}
