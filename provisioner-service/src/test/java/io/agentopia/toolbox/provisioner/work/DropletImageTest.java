package io.agentopia.toolbox.provisioner.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropletImageTest {
  @ParameterizedTest
  @ValueSource(strings = {"debian-13-x64", "debian-12-x64", "194289713"})
  void whatWasTriedIsTaken(String image) {
    assertThat(DropletImage.refusal(image)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"debian-11-x64", "ubuntu-24-04-x64", "docker-20-04", "", "debian-13", "-1"})
  void whatWasNotIsRefusedByName(String image) {
    assertThat(DropletImage.refusal(image).orElseThrow())
        .contains("'" + image + "'", "debian-13-x64");
  }
}
