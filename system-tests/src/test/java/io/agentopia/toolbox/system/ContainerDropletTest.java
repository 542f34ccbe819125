package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.local.droplets.DropletImages;
import io.agentopia.toolbox.local.droplets.Registry;
import io.agentopia.toolbox.local.images.DockerCli;
import io.agentopia.toolbox.local.images.Image;
import io.agentopia.toolbox.local.images.ImageBuilder;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The droplet's user-data as it is, run by the real cloud-init: each droplet is a container with
 * systemd and a Docker engine of its own. Needs an engine, docker-registry and the agent's image.
 * Each run takes one from boot to tool; the rest of its life, and the other boots, are told with
 * {@code ./toolbox test --all}.
 */
@Tag("droplet")
@TestMethodOrder(OrderAnnotation.class)
class ContainerDropletTest {
  private static final String TOKEN = "tbj_[A-Za-z0-9_-]{20,}";
  private static ContainerPlatform platform;

  /** One droplet's life is told in order, since a boot takes its time; what fails has its own. */
  private static String toolbox;

  private static JsonNode tool;
  private String failing;

  @BeforeAll
  static void start() throws Exception {
    var docker = new DockerCli(ContainerPlatform.REPOSITORY);
    assumeTrue(docker.platform().isPresent(), "no Docker engine answers");
    assumeTrue(docker.has(ImageBuilder.BASE), "the engine has no image " + ImageBuilder.BASE);
    // The agent as it is now, whatever image an earlier run has left; where ./toolbox makes it, so
    // that a runtime which was linked there is not linked again.
    new ImageBuilder(
            ContainerPlatform.REPOSITORY, ContainerPlatform.REPOSITORY.resolve(".local/images"))
        .build(Image.named("dtma").getFirst(), ImageBuilder.Wish.usual());
    var missing = DropletImages.missing();
    assumeTrue(missing.isEmpty(), "no container droplets here: " + missing.orElse(""));
    platform = ContainerPlatform.start();
  }

  @AfterAll
  static void stop() {
    if (platform != null) {
      platform.delete(toolbox);
      platform.close();
    }
  }

  @AfterEach
  void leaveNothing() {
    platform.repairRegistries();
    platform.delete(failing);
  }

  @Test
  @Order(1)
  void bootsWithTheRealCloudInitAndRunsATool() {
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

    tool = platform.awaitTool(toolbox, platform.deploy(toolbox, "hello"), "running");
    assertThat(droplet.said("docker", "ps", "-q", "--no-trunc")).contains(container());
  }

  @Test
  @Tag("all")
  @Order(2)
  void nothingThatTheBootLeftOpensAnything() throws Exception {
    var droplet = platform.droplet(toolbox);
    var held = new ObjectMapper().readTree(droplet.said("cat", "/var/lib/dtma/agent.json"));
    var canaries = platform.canaries();
    canaries.add(held.findValuesAsText("agentToken"));
    canaries.add(held.findValuesAsText("key"));
    var texts = droplet.everythingReadable();

    texts.forEach(canaries::lookAt);
    canaries.lookAtFiles(platform.logs());
    canaries.areNowhere();
    var tokens =
        texts.values().stream()
            .flatMap(text -> Pattern.compile(TOKEN).matcher(text).results())
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertThat(tokens).as("join tokens to be read on the droplet").hasSize(1);
    tokens.forEach(this::opensNothing);
  }

  private void opensNothing(String token) {
    var thief = platform.gatewayAs(token);
    var join =
        """
        {"nonce": "%s", "agentVersion": "1", "agentPort": 30000}
        """
            .formatted("f".repeat(64));
    assertThat(thief.post("/agent/v1/join", join).status()).isEqualTo(409);
    assertThat(thief.post("/agent/v1/boot", "{\"stage\": \"failed\"}").status()).isEqualTo(409);
    assertThat(thief.get("/agent/v1/manifest").status()).isEqualTo(401);
    assertThat(thief.get("/v1/toolboxes/" + toolbox).status()).isEqualTo(401);
  }

  @Test
  @Tag("all")
  @Order(3)
  void movesToAnotherImageOfItsAgentWhileTheToolRunsOn() throws Exception {
    var images = new AgentImages(platform).publish("v2-test", "LABEL moved=yes");
    var began = startedAt(container());

    platform.awaitRollout(platform.rollOut("v2-test", images), "complete");

    assertThat(runningAgent()).isEqualTo(images.getFirst());
    assertThat(startedAt(container())).as("the tool was not touched").isEqualTo(began);
    assertThat(platform.agentStatus(toolbox)).isEqualTo("healthy");
  }

  @Test
  @Tag("all")
  @Order(4)
  void goesBackByItselfWhenTheNewImageIsBroken() throws Exception {
    var good = runningAgent();
    var images =
        new AgentImages(platform).publish("v3-test", "ENTRYPOINT [\"/bin/false\"]\nCMD []");
    var began = startedAt(container());

    var rollout = platform.awaitRollout(platform.rollOut("v3-test", images), "rolled_back");

    assertThat(rollout.toString()).contains("canary");
    assertThat(runningAgent()).isEqualTo(good);
    assertThat(startedAt(container())).as("the tool was not touched").isEqualTo(began);
    platform.awaitToolbox(toolbox, "active");
    var droplet = platform.droplet(toolbox);
    droplet.await("the agent to answer", () -> "healthy".equals(platform.agentStatus(toolbox)));
  }

  private static String runningAgent() {
    return platform
        .droplet(toolbox)
        .said("docker", "inspect", "-f", "{{.Config.Image}}", "dtma")
        .strip();
  }

  private static String startedAt(String container) {
    return platform
        .droplet(toolbox)
        .said("docker", "inspect", "-f", "{{.State.StartedAt}}", container);
  }

  @Test
  @Tag("all")
  @Order(5)
  void bringsAgentAndToolBackAfterAReboot() {
    platform.droplet(toolbox).reboot();
    allIsBack();
  }

  @Test
  @Tag("all")
  @Order(6)
  void bringsAgentAndToolBackAfterAPowerCut() {
    platform.droplet(toolbox).cutPowerAndGiveItBack();
    allIsBack();
  }

  private static void allIsBack() {
    var droplet = platform.droplet(toolbox);
    droplet.await("the tool's container to be back", () -> droplet.runs(container()));
    droplet.await("the agent to answer", () -> "healthy".equals(platform.agentStatus(toolbox)));
    platform.awaitTool(toolbox, tool.path("id").asText(), "running");
    assertThat(platform.toolbox(toolbox).path("generation").asLong()).isEqualTo(1);
  }

  @Test
  @Tag("all")
  @Order(7)
  void aDropletDeletedOutsideIsReplacedByItself() {
    var droplet = platform.droplet(toolbox);

    droplet.deleteOutside();

    droplet.await("the loss to be told", () -> platform.told(toolbox, "droplet_lost"));
    droplet.await("the container to be gone", () -> !droplet.exists());
    droplet.await(
        "a droplet of the next generation",
        () -> platform.toolbox(toolbox).path("generation").asLong() == 2);
    platform.awaitToolbox(toolbox, "active");
    platform.awaitTool(toolbox, tool.path("id").asText(), "running");
    var next = platform.droplet(toolbox);
    assertThat(next.said("docker", "ps", "--format", "{{.Names}}")).contains("-hello");
  }

  @Test
  @Tag("all")
  void theSecondRegistryIsUsedWhenTheFirstLimits() {
    platform.fail(Registry.HUB, 429);
    failing = platform.request("second");
    platform.awaitToolbox(failing, "active");

    assertThat(stage(platform.boot(failing), "image_pull").path("detail").asText())
        .startsWith(platform.registry(Registry.GHCR))
        .contains("@sha256:", "(before it: " + platform.registry(Registry.HUB));
  }

  @Test
  @Tag("all")
  void anImageThatNoRegistryGivesIsToldWithTheLogBeforeAnAgentEverSpoke() {
    platform.fail(Registry.HUB, 503);
    platform.fail(Registry.GHCR, 503);
    failing = platform.request("broken");

    var failed = platform.awaitBootFailure(failing);
    assertThat(failed.path("detail").asText())
        .startsWith("image_pull: ")
        .contains(platform.registry(Registry.HUB), platform.registry(Registry.GHCR));
    assertThat(failed.path("logTail").asText())
        .contains("agentopia: docker: Docker ")
        .contains("agentopia: pulling " + platform.registry(Registry.GHCR));
    assertThat(names(platform.boot(failing))).doesNotContain("joined");
  }

  private static String container() {
    return tool.path("containerId").asText();
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
