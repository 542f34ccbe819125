package io.agentopia.toolbox.simulator.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {
  @ParameterizedTest
  @CsvSource({
    "debian, debian:latest",
    "docker.io/library/debian:bookworm-slim, debian:bookworm-slim",
    "library/debian:1, debian:1",
    "docker.io/acme/tool, acme/tool:latest",
    "ghcr.io/acme/tool:2, ghcr.io/acme/tool:2",
    "localhost:5000/tool, localhost:5000/tool:latest"
  })
  void namesAreShownAsDockerShowsThem(String asked, String shown) {
    assertThat(ImageName.parse(asked)).hasToString(shown);
  }

  @Test
  void aDigestTakesTheTagsPlace() {
    var digest = "sha256:" + "a".repeat(64);

    assertThat(ImageName.parse("debian:1@" + digest)).hasToString("debian@" + digest);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> ImageName.parse("not an image")).isInstanceOf(EngineRefusal.class);
  }
}
