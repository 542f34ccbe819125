package io.agentopia.toolbox.provisioner.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserDataTest {
  private static final List<String> IMAGES =
      List.of("docker.io/agentopia/dtma:latest", "ghcr.io/maverick-software/agentopia-dtma:latest");

  @Test
  void holdsWhatTheAgentNeedsAndNoPlaceholder() {
    var text = UserData.render("https://api.example.com", "tbj_token", IMAGES);
    assertThat(text)
        .startsWith("#cloud-config\n")
        .contains(
            "DTMA_BACKEND_URL=https://api.example.com",
            "DTMA_JOIN_TOKEN=tbj_token",
            IMAGES.get(0),
            IMAGES.get(1))
        .doesNotContain("{backendUrl}", "{joinToken}", "{images}");
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(UserData.LARGEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\nb", "a;rm -rf /", "$(x)", "\"", ""})
  void whatYamlOrTheShellCouldMisreadIsRefused(String evil) {
    assertThatThrownBy(() -> UserData.render("https://api.example.com", evil, IMAGES))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRealCloudInitAcceptsIt(@TempDir Path dir) throws IOException, InterruptedException {
    assumeThat(Path.of("/usr/bin/cloud-init")).as("cloud-init is installed").exists();
    var file =
        Files.writeString(
            dir.resolve("user-data"),
            UserData.render("https://api.example.com", "tbj_token", IMAGES));
    var process =
        new ProcessBuilder("/usr/bin/cloud-init", "schema", "--config-file", file.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  @Test
  void theBootstrapScriptIsReadableForTheShell(@TempDir Path dir)
      throws IOException, InterruptedException {
    var script = dir.resolve("bootstrap");
    Files.writeString(script, bootstrapScript());
    var process =
        new ProcessBuilder("sh", "-n", script.toString()).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  private static String bootstrapScript() {
    var text = UserData.render("https://api.example.com", "tbj_token", IMAGES);
    var start = text.indexOf("      #!/bin/sh");
    var end = text.indexOf("  - path: /etc/systemd/system/dtma.service");
    return text.substring(start, end)
        .lines()
        .map(l -> l.length() > 6 ? l.substring(6) : "")
        .reduce("", (a, b) -> a + b + "\n");
  }
}
