package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImageDigestTest {
  private static final String DIGEST = "sha256:" + "7c".repeat(32);

  @Test
  void theSameImageOfTwoRegistriesHasOneDigest() {
    assertThat(ImageDigest.of("docker.io/agentopia/dtma@" + DIGEST)).isEqualTo(DIGEST);
    assertThat(ImageDigest.of("ghcr.io/x/y:v1@" + DIGEST)).isEqualTo(DIGEST);
  }

  @Test
  void whatIsNoReferenceByDigestHasNone() {
    assertThat(ImageDigest.of(null)).isNull();
    assertThat(ImageDigest.of("")).isNull();
    assertThat(ImageDigest.of("docker.io/agentopia/dtma:v1")).isNull();
    assertThat(ImageDigest.of(DIGEST)).isNull();
    assertThat(ImageDigest.of("x@" + DIGEST + "0")).isNull();
    assertThat(ImageDigest.of("x@" + DIGEST.toUpperCase())).isNull();
  }
}
