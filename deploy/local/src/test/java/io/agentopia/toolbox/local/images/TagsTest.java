package io.agentopia.toolbox.local.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {
  private static final Image DTMA = Image.named("dtma").getFirst();

  @ParameterizedTest
  @CsvSource({
    ", true, latest",
    ", false, latest",
    "v1.2.3, true, v1.2.3 latest",
    "v1.2.3, false, v1.2.3",
    "v1.2.3-rc.1, true, v1.2.3-rc.1",
  })
  void aReleaseMovesLatestUnlessItShallNot(String version, boolean moveLatest, String tags) {
    assertThat(Tags.of(Optional.ofNullable(version), moveLatest)).containsExactly(tags.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2.3", "v1.2", "v1.2.3+build", "latest", ""})
  void whatIsNoVersionIsRefused(String text) {
    assertThatThrownBy(() -> Tags.version(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("vX.Y.Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "docker.io/agentopia/dtma",
        "ghcr.io/maverick-software/agentopia-dtma",
        "127.0.0.1:5000/agentopia/dtma",
        "agentopia/dtma"
      })
  void aRepositoryIsTakenAsItIs(String text) {
    assertThat(Tags.repositories(List.of(text), DTMA, 1)).containsExactly(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ghcr.io/a/dtma:v1", "https://ghcr.io/a/dtma", "ghcr.io/A/dtma", "a//b", ""})
  void whatIsNoRepositoryIsRefused(String text) {
    assertThatThrownBy(() -> Tags.repositories(List.of(text), DTMA, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no repository");
  }

  @Test
  void severalImagesNeedARepositoryEach() {
    assertThat(Tags.repositories(List.of("ghcr.io/a/agentopia-{name}"), DTMA, 5))
        .containsExactly("ghcr.io/a/agentopia-dtma");
    assertThatThrownBy(() -> Tags.repositories(List.of("ghcr.io/a/b"), DTMA, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("put {name} into it");
  }
}
