package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.StackOptions;
import io.agentopia.toolbox.system.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The clocks of the machines jump while the services run, some an hour ahead and some an hour back,
 * and right again: nothing expires by that, and nothing is done twice or not at all.
 */
@Tag("fault")
@Tag("all")
class ClockJumpsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final Duration HOUR = Duration.ofHours(1);

  /** Each service with how far its machine's clock jumps. */
  private static final Map<String, Duration> JUMPS =
      Map.of(
          "api-gateway",
          HOUR.negated(),
          "provisioner-service",
          HOUR,
          "health-service",
          HOUR,
          "deployer-service",
          HOUR.negated());

  private static final Map<String, MachineClock> CLOCKS = new LinkedHashMap<>();
  private static LocalStack stack;

  @BeforeAll
  static void start() throws IOException {
    var runs = Files.createDirectories(Path.of("target/stack"));
    var dir = Files.createTempDirectory(runs, "clocks-").toAbsolutePath();
    var options =
        StackOptions.isolated(Path.of("..").toAbsolutePath().normalize(), dir.resolve("stack"))
            .with(
                "cloud-simulator",
                Map.of("SIMULATOR_DOCKER", "simulated", "SIMULATOR_AGENT_KIND", "light"));
    for (var service : JUMPS.keySet()) {
      CLOCKS.put(service, MachineClock.of(service, dir));
      options = options.with(service, CLOCKS.get(service).environment());
    }
    stack = LocalStack.start(options);
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void nothingExpiresAndNothingIsDoneTwice() throws Exception {
    var before = active(toolbox());
    var tool = running(tool(before));
    var begun = Instant.now();
    var instances = instances();

    jump(JUMPS);
    for (var service : JUMPS.keySet()) {
      var ahead = JUMPS.get(service).isNegative() ? "-3" : "3";
      awaitLogged(service, "this machine's clock is " + ahead);
    }
    var meanwhile = active(toolbox());
    running(tool(meanwhile));

    jump(Map.of());
    for (var service : JUMPS.keySet()) {
      awaitLogged(service, "this machine's clock agrees with the database's again");
    }
    var afterwards = active(toolbox());
    running(tool(afterwards));

    for (var id : List.of(before, meanwhile, afterwards)) {
      assertThat(user().get("/v1/toolboxes/" + id).text("/status")).isEqualTo("active");
      assertThat(user().get("/v1/toolboxes/" + id).text("/generation")).isEqualTo("1");
    }
    assertThat(user().get(tool).text("/status")).isEqualTo("running");
    assertThat(instances()).as("no instance ended").isEqualTo(instances);
    assertThat(verdictsSince(begun))
        .as("what health told")
        .allMatch(type -> type.contains("DtmaHealthy"));
    user().delete("/v1/toolboxes/" + before);
    awaitStatus("/v1/toolboxes/" + before, "deprovisioned");
  }

  private static void jump(Map<String, Duration> ahead) throws IOException {
    for (var service : JUMPS.keySet()) {
      CLOCKS.get(service).setAhead(ahead.getOrDefault(service, Duration.ZERO));
    }
  }

  private static Map<String, Long> instances() {
    var pids = new HashMap<String, Long>();
    JUMPS.keySet().forEach(service -> pids.put(service, stack.process(service).pid()));
    return pids;
  }

  private static void awaitLogged(String service, String word) {
    await(service + " to say: " + word)
        .atMost(PATIENCE)
        .until(() -> Files.readString(stack.process(service).log()).contains(word));
  }

  private static List<String> verdictsSince(Instant begun) {
    return new Bus(stack.bootstrapServers())
        .read("toolbox.health"::equals).stream()
            .filter(record -> record.timestamp() >= begun.toEpochMilli())
            .map(record -> Bus.header(record, "ce_type"))
            .toList();
  }

  private static String toolbox() {
    var wish = Wishes.toolbox(Wishes.unique("clock-"));
    return user().post("/v1/toolboxes", wish).text("/id");
  }

  private static String active(String toolbox) {
    awaitStatus("/v1/toolboxes/" + toolbox, "active");
    return toolbox;
  }

  private static String tool(String toolbox) {
    var tools = "/v1/toolboxes/" + toolbox + "/tools";
    var wish = Wishes.tool("hello");
    return tools + "/" + user().post(tools, wish).text("/id");
  }

  private static String running(String tool) {
    awaitStatus(tool, "running");
    return tool;
  }

  private static void awaitStatus(String address, String status) {
    await(address + " to be " + status)
        .atMost(PATIENCE)
        .until(() -> status.equals(user().get(address).text("/status")));
  }

  private static Api user() {
    return new Api(stack.url("api-gateway"), stack.apiKey());
  }
}
