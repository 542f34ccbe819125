package io.agentopia.toolbox.simulator.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserDataTest {
  private static final String CLOUD_CONFIG =
      """
      #cloud-config
      write_files:
        - path: /etc/agentopia/dtma.env
          permissions: '0600'
          content: |
            # the agent's environment
            DTMA_BACKEND_URL=http://gateway:8080
            DTMA_JOIN_TOKEN=abc=def
            DTMA_PORT="30000"

        - path: /etc/agentopia/images
          content: |
            docker.io/agentopia/dtma:1
            ghcr.io/agentopia/dtma:1
      runcmd:
        - [/usr/local/sbin/agentopia-bootstrap]
      """;

  @Test
  void theAgentsEnvironmentAndImagesAreRead() {
    assertThat(UserData.read(CLOUD_CONFIG))
        .isEqualTo(
            new UserData.StartsAgent(
                Map.of(
                    "DTMA_BACKEND_URL", "http://gateway:8080",
                    "DTMA_JOIN_TOKEN", "abc=def",
                    "DTMA_PORT", "30000"),
                List.of("docker.io/agentopia/dtma:1", "ghcr.io/agentopia/dtma:1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "write_files: []",
        "#cloud-config\nwrite_files: [unclosed",
        "#cloud-config\nwrite_files:\n  - path: /etc/other\n    content: A=1\n",
        "#cloud-config\n- a list",
        "#cloud-config\nx: !!javax.script.ScriptEngineManager []\n"
      })
  void whatCloudInitWouldNotRunStartsNothing(String text) {
    assertThat(UserData.read(text)).isInstanceOf(UserData.StartsNothing.class);
  }

  @Test
  void theJoinTokenIsInNoDescription() {
    assertThat(UserData.read(CLOUD_CONFIG).toString()).doesNotContain("abc=def");
    assertThat(UserData.read(CLOUD_CONFIG.replace("[/usr", "[[/usr")).toString())
        .doesNotContain("abc=def");
  }
}
