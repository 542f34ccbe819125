package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.StackOptions;
import io.agentopia.toolbox.local.droplets.DropletImages;
import io.agentopia.toolbox.local.droplets.DropletNetwork;
import io.agentopia.toolbox.local.droplets.Droplets;
import io.agentopia.toolbox.local.droplets.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;

/** A stack of its own, whose droplets are containers. */
final class ContainerPlatform implements AutoCloseable {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  /** A boot with everything in it, on a small machine under load. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What takes its time here is the droplet itself; nothing waits for the cloud around it. */
  private static final Map<String, String> QUICK_CLOUD =
      Map.of(
          "SIMULATOR_DELAYS_ACTIVE_AFTER", "300ms",
          "SIMULATOR_DELAYS_ADDRESS_AFTER", "500ms",
          "SIMULATOR_DELAYS_BOOT_AFTER", "200ms",
          "SIMULATOR_DELAYS_DELETE_AFTER", "300ms");

  private static final Map<String, String> OFTEN_WATCHED =
      Map.of(
          "PROVISIONER_LISTING_LAG", "3S",
          "PROVISIONER_WATCH_BUSY", "1S",
          "PROVISIONER_WATCH_IDLE", "3S");

  private static final Set<String> ENDED = Set.of("complete", "rolled_back");

  private static final String TOOLBOX =
      """
      {"name": "%s", "region": "nyc3", "size": "s-1vcpu-1gb"}
      """;

  private final Path dir;
  private final LocalStack stack;
  private final Api user;
  private final Api cloud;
  private final DropletNetwork network;

  private ContainerPlatform(Path dir, LocalStack stack) {
    this.dir = dir;
    this.stack = stack;
    this.user = new Api(stack.url("api-gateway"), stack.apiKey());
    this.cloud = new Api(stack.url("cloud-simulator"), stack.digitalOceanToken());
    this.network = stack.dropletNetwork();
  }

  static ContainerPlatform start() {
    try {
      var runs = Files.createDirectories(Path.of("target/stack"));
      var dir = Files.createTempDirectory(runs, "containers-");
      var options =
          StackOptions.isolated(REPOSITORY, dir)
              .withDroplets(Droplets.CONTAINER)
              .with("cloud-simulator", QUICK_CLOUD)
              .with("api-gateway", Map.of("GATEWAY_HEARTBEAT_EVERY", "3S"))
              .with("provisioner-service", OFTEN_WATCHED);
      return new ContainerPlatform(dir, LocalStack.start(options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stack.close();
  }

  String request(String prefix) {
    var name = prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    var answer = user.post("/v1/toolboxes", TOOLBOX.formatted(name));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    return answer.text("/id");
  }

  /** Ends at once, with the boot's timeline, when it cannot come about any more. */
  void awaitToolbox(String id, String status) {
    // The answer to a deletion comes before it begins.
    var dead =
        status.equals("deprovisioned")
            ? Set.of("error_deprovisioning")
            : Set.of("error_provisioning", "error_deprovisioning");
    await("toolbox " + id + " to be " + status)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              var now = toolbox(id).path("status").asText();
              var boot = boot(id);
              var ended = dead.contains(now) || status.equals("active") && failed(boot);
              if (!status.equals(now) && ended) {
                throw new AssertionError("expected " + status + ", but: " + boot.toPrettyString());
              }
              return status.equals(now);
            });
  }

  JsonNode toolbox(String id) {
    return user.get("/v1/toolboxes/" + id).body();
  }

  JsonNode boot(String id) {
    return user.get("/v1/toolboxes/" + id + "/boot").body();
  }

  JsonNode awaitBootFailure(String id) {
    var failed = new AtomicReference<JsonNode>();
    await("the boot of " + id + " to fail")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              var boot = boot(id);
              var stages = boot.path("stages");
              failed.set(stages.path(stages.size() - 1));
              return failed(boot);
            });
    return failed.get();
  }

  private static boolean failed(JsonNode boot) {
    return boot.path("failed").asBoolean();
  }

  boolean told(String id, String stage) {
    return StreamSupport.stream(toolbox(id).path("timeline").spliterator(), false)
        .anyMatch(s -> s.path("stage").asText().equals(stage));
  }

  /** Null when the agent does not answer. */
  String agentStatus(String id) {
    var answer = user.get("/v1/toolboxes/" + id + "/agent-status");
    return answer.status() == 200 ? answer.text("/status") : null;
  }

  String deploy(String id, String name) {
    var image = network.image(Registry.HUB, DropletImages.TOOL_ON_HUB);
    var tool = Story.HELLO_TOOL.formatted(name).replace(DropletImages.TOOL, image);
    var answer = user.post("/v1/toolboxes/" + id + "/tools", tool);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    return answer.text("/id");
  }

  JsonNode awaitTool(String id, String tool, String status) {
    var last = new AtomicReference<JsonNode>();
    await("tool " + tool + " to be " + status)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              last.set(user.get("/v1/toolboxes/" + id + "/tools/" + tool).body());
              var now = last.get().path("status").asText();
              if (!status.equals(now) && now.equals("failed")) {
                throw new AssertionError("expected " + status + ", but: " + last.get());
              }
              return status.equals(now);
            });
    return last.get();
  }

  /** The only one that the cloud lists for the toolbox. */
  ContainerDroplet droplet(String toolbox) {
    var listed = cloud.get("/v2/droplets?per_page=200&tag_name=toolbox:" + toolbox).body();
    assertThat(listed.path("droplets")).hasSize(1);
    return new ContainerDroplet(cloud, listed.at("/droplets/0/id").asLong(), PATIENCE);
  }

  Canaries canaries() throws IOException {
    return Canaries.of(dir);
  }

  Path logs() {
    return dir.resolve("logs");
  }

  /** The gateway, called with somebody else's credential. */
  Api gatewayAs(String credential) {
    return new Api(stack.url("api-gateway"), credential);
  }

  Api operator() {
    return gatewayAs(stack.operatorApiKey());
  }

  /** Begins to move the fleet's agents to an image; returns the rollout's id. */
  String rollOut(String version, List<String> images) {
    var wish =
        """
        {"version": "%s", "images": ["%s"], "bakeSeconds": 5, "deadlineSeconds": 600, "reason": "test"}
        """
            .formatted(version, String.join("\", \"", images));
    var answer = operator().post("/v1/agent-rollouts", wish);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    return answer.text("/id");
  }

  JsonNode awaitRollout(String id, String state) {
    var last = new AtomicReference<JsonNode>();
    await("rollout " + id + " to be " + state)
        .atMost(PATIENCE.multipliedBy(3))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              last.set(operator().get("/v1/agent-rollouts/" + id).body());
              var now = last.get().path("state").asText();
              if (ENDED.contains(now) && !now.equals(state)) {
                throw new AssertionError("expected " + state + ", but: " + last.get());
              }
              return now.equals(state);
            });
    return last.get();
  }

  /** On this computer; droplets name it otherwise. */
  int port(Registry registry) {
    return stack.port(registry.name());
  }

  /** How droplets name it. */
  String registry(Registry registry) {
    return network.reached(stack.port(registry.name()));
  }

  void fail(Registry registry, int status) {
    var path = "/control/doors/" + registry.door();
    assertThat(cloud.put(path, "{\"status\": " + status + "}").status()).isEqualTo(200);
  }

  void repairRegistries() {
    Registry.ALL.forEach(registry -> fail(registry, 0));
  }

  void delete(String toolbox) {
    if (toolbox != null) {
      assertThat(user.delete("/v1/toolboxes/" + toolbox).status()).isEqualTo(202);
      awaitToolbox(toolbox, "deprovisioned");
    }
  }
}
