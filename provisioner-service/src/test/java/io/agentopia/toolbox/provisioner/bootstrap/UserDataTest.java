package io.agentopia.toolbox.provisioner.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class UserDataTest {
  private static final List<String> IMAGES =
      List.of("docker.io/agentopia/dtma:latest", "ghcr.io/maverick-software/agentopia-dtma:latest");

  @Test
  void holdsWhatTheAgentNeedsAndNoPlaceholder() {
    var text = rendered(List.of(), List.of());
    assertThat(text).startsWith("#cloud-config\n").doesNotContainPattern("\\{[a-zA-Z]+From\\}");
    assertThat(text).doesNotContain("{backendUrl}", "{joinToken}", "{images}");
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(UserData.LARGEST);
    assertThat(file("/etc/agentopia/dtma.env"))
        .contains("DTMA_BACKEND_URL=https://api.example.com", "DTMA_PORT=30000")
        .doesNotContain("tbj_token");
    assertThat(file("/etc/agentopia/images").lines()).containsExactlyElementsOf(IMAGES);
  }

  @Test
  void theJoinTokenStandsInOneFileThatOnlyRootReads() {
    assertThat(rendered(List.of(), List.of()).split("tbj_token", -1)).hasSize(2);
    assertThat(file("/etc/agentopia/join.env")).isEqualTo("DTMA_JOIN_TOKEN=tbj_token\n");
    assertThat(entries(rendered(List.of(), List.of())))
        .filteredOn(e -> e.get("path").toString().endsWith(".env"))
        .hasSize(2)
        .allSatisfy(e -> assertThat(e.get("permissions")).isEqualTo("0600"));
  }

  @Test
  void theAgentsMemoryIsKeptForItAndItIsTheLastToBeKilled() {
    assertThat(file("/usr/local/lib/agentopia/run-agent"))
        .contains("--memory-reservation 160m", "--oom-score-adj -900", "\"${memory[@]}\"");
    assertThat(file("/etc/systemd/system/system.slice.d/agentopia.conf"))
        .as("a reservation counts only within that of the slice")
        .contains("MemoryLow=160M");
  }

  @Test
  void theAgentKnowsTheImageItRunsFrom() {
    assertThat(file("/usr/local/lib/agentopia/run-agent"))
        .contains(". /etc/agentopia/image.env", "--env \"DTMA_IMAGE=$image\"");
  }

  @Test
  void withoutSettingsTheAgentsPortIsOpenAndSshIsClosed() {
    assertThat(file("/etc/agentopia/firewall.conf"))
        .isEqualTo("AGENT_FROM=\"any\"\nSSH_FROM=\"\"\n");
  }

  @Test
  void theFirewallKnowsTheControlPlane() {
    var text = rendered(List.of("203.0.113.7", "2001:db8::/64"), List.of("198.51.100.0/24"));
    assertThat(files(text).get("/etc/agentopia/firewall.conf"))
        .isEqualTo("AGENT_FROM=\"203.0.113.7 2001:db8::/64\"\nSSH_FROM=\"198.51.100.0/24\"\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\nb", "a;rm -rf /", "$(x)", "\"", ""})
  void whatYamlOrTheShellCouldMisreadIsRefused(String evil) {
    assertThatThrownBy(() -> UserData.render(settings(List.of(), List.of()), evil))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rendered(List.of(evil), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theRealCloudInitAcceptsIt(@TempDir Path dir) throws IOException, InterruptedException {
    assumeThat(Path.of("/usr/bin/cloud-init")).as("cloud-init is not installed").exists();
    var text = rendered(List.of("203.0.113.7"), List.of());
    var file = Files.writeString(dir.resolve("user-data"), text);
    succeeds("/usr/bin/cloud-init", "schema", "--config-file", file.toString());
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void theShellCanReadEachScript(String script, @TempDir Path dir)
      throws IOException, InterruptedException {
    var written = Files.writeString(dir.resolve("script"), file(script));
    succeeds("bash", "-n", written.toString());
    var linter = Path.of("/usr/bin/shellcheck");
    if (Files.exists(linter)) {
      succeeds(linter.toString(), "-x", "-e", "SC1091", written.toString());
    }
  }

  static Stream<String> scripts() {
    return files(rendered(List.of(), List.of())).entrySet().stream()
        .filter(e -> e.getValue().startsWith("#!/bin/bash"))
        .map(Map.Entry::getKey);
  }

  private static String rendered(List<String> agentFrom, List<String> sshFrom) {
    return UserData.render(settings(agentFrom, sshFrom), "tbj_token");
  }

  private static UserData.Settings settings(List<String> agentFrom, List<String> sshFrom) {
    return new UserData.Settings("https://api.example.com", IMAGES, agentFrom, sshFrom);
  }

  private static String file(String path) {
    return files(rendered(List.of(), List.of())).get(path);
  }

  private static Map<String, String> files(String text) {
    var found = new LinkedHashMap<String, String>();
    entries(text).forEach(e -> found.put(e.get("path").toString(), e.get("content").toString()));
    return found;
  }

  private static List<Map<?, ?>> entries(String text) {
    Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    var found = new ArrayList<Map<?, ?>>();
    ((List<?>) document.get("write_files")).forEach(e -> found.add((Map<?, ?>) e));
    return found;
  }

  private static void succeeds(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }
}
