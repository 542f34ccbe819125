package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.local.droplets.DropletImages;
import io.agentopia.toolbox.local.droplets.Registry;
import io.agentopia.toolbox.local.images.DockerCli;
import io.agentopia.toolbox.local.images.Image;
import io.agentopia.toolbox.local.images.ImageBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The droplet's user-data as it is, run by the real cloud-init: each droplet is a container with
 * systemd and a Docker engine of its own. Needs an engine, docker-registry and the agent's image.
 */
@Tag("docker")
class ContainerDropletTest {
  private static ContainerPlatform platform;
  private String toolbox;

  @BeforeAll
  static void start(@TempDir Path work) throws Exception {
    var docker = new DockerCli(ContainerPlatform.REPOSITORY);
    assumeTrue(docker.platform().isPresent(), "no Docker engine answers");
    assumeTrue(docker.has(ImageBuilder.BASE), "the engine has no image " + ImageBuilder.BASE);
    // The agent as it is now, whatever image an earlier run has left.
    new ImageBuilder(ContainerPlatform.REPOSITORY, work)
        .build(Image.named("dtma").getFirst(), ImageBuilder.Wish.usual());
    var missing = DropletImages.missing();
    assumeTrue(missing.isEmpty(), "no container droplets here: " + missing.orElse(""));
    platform = ContainerPlatform.start();
  }

  @AfterAll
  static void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @AfterEach
  void leaveNothing() {
    platform.repairRegistries();
    platform.delete(toolbox);
  }

  @Test
  void bootsWithTheRealCloudInitRunsAToolAndComesBackAfterAReboot() {
    toolbox = platform.request("boots");
    platform.awaitToolbox(toolbox, "active");

    var boot = platform.boot(toolbox);
    assertThat(names(boot))
        .containsSubsequence(
            "accepted", "droplet_created", "cloud_init", "docker", "image_pull", "agent_starting")
        .contains("droplet_active", "address", "joined", "healthy");
    assertThat(stage(boot, "image_pull").path("detail").asText())
        .startsWith(platform.registry(Registry.HUB))
        .contains("@sha256:");
    assertThat(platform.agentStatus(toolbox)).isEqualTo("healthy");
    var droplet = platform.droplet(toolbox);
    droplet.awaitGone("/etc/agentopia/join.env");
    assertThat(droplet.said("docker", "inspect", "-f", "{{.Config.User}}", "dtma"))
        .contains("10001");
    assertThat(droplet.said("docker", "inspect", "-f", "{{.HostConfig.ReadonlyRootfs}}", "dtma"))
        .contains("true");
    assertThat(droplet.said("iptables", "-S", "DOCKER-USER"))
        .contains("-d 169.254.169.254/32 -j DROP");
    assertThat(droplet.said("iptables", "-S", "AGENTOPIA"))
        .contains("--dport 30000 -j ACCEPT")
        .contains("-A AGENTOPIA -j DROP")
        .doesNotContain("--dport 22 ");

    var tool = platform.deploy(toolbox, "hello");
    var container = platform.awaitTool(toolbox, tool, "running").path("containerId").asText();
    assertThat(droplet.said("docker", "ps", "-q", "--no-trunc")).contains(container);

    droplet.reboot();

    droplet.await("the tool's container to be back", () -> droplet.runs(container));
    droplet.await("the agent to answer", () -> "healthy".equals(platform.agentStatus(toolbox)));
    platform.awaitTool(toolbox, tool, "running");
    assertThat(platform.toolbox(toolbox).path("generation").asLong()).isEqualTo(1);
  }

  @Test
  void theSecondRegistryIsUsedWhenTheFirstLimits() {
    platform.fail(Registry.HUB, 429);
    toolbox = platform.request("second");
    platform.awaitToolbox(toolbox, "active");

    assertThat(stage(platform.boot(toolbox), "image_pull").path("detail").asText())
        .startsWith(platform.registry(Registry.GHCR))
        .contains("@sha256:", "(before it: " + platform.registry(Registry.HUB));
  }

  @Test
  void anImageThatNoRegistryGivesIsToldWithTheLogBeforeAnAgentEverSpoke() {
    platform.fail(Registry.HUB, 503);
    platform.fail(Registry.GHCR, 503);
    toolbox = platform.request("broken");

    var failed = platform.awaitBootFailure(toolbox);
    assertThat(failed.path("detail").asText())
        .startsWith("image_pull: ")
        .contains(platform.registry(Registry.HUB), platform.registry(Registry.GHCR));
    assertThat(failed.path("logTail").asText())
        .contains("agentopia: docker: Docker ")
        .contains("agentopia: pulling " + platform.registry(Registry.GHCR));
    assertThat(names(platform.boot(toolbox))).doesNotContain("joined");
  }

  @Test
  void aDropletDeletedOutsideIsNoticed() {
    toolbox = platform.request("lost");
    platform.awaitToolbox(toolbox, "active");
    var droplet = platform.droplet(toolbox);

    droplet.deleteOutside();

    droplet.await("the loss to be told", () -> platform.told(toolbox, "droplet_lost"));
    droplet.await("the container to be gone", () -> !droplet.exists());
  }

  private static List<String> names(JsonNode boot) {
    return stages(boot).map(s -> s.path("stage").asText()).toList();
  }

  private static JsonNode stage(JsonNode boot, String name) {
    return stages(boot)
        .filter(s -> s.path("stage").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no stage " + name + " in " + boot));
  }

  private static java.util.stream.Stream<JsonNode> stages(JsonNode boot) {
    return StreamSupport.stream(boot.path("stages").spliterator(), false);
  }
}
