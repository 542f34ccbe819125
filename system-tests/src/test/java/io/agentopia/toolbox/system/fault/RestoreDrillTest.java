package io.agentopia.toolbox.system.fault;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.embedded.process.Signal;
import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.StackOptions;
import io.agentopia.toolbox.system.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A service's database is set back to a dump, while the world went on: toolboxes were made,
 * recreated and deleted, tools deployed, stopped and removed. The service finds it out by itself,
 * everything ends as it was, no droplet is made, replaced or given up, and what is asked for next
 * is done. With the real agent.
 */
@Tag("fault")
@Tag("all")
class RestoreDrillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private static LocalStack stack;

  record Restored(String service, String database) {
    @Override
    public String toString() {
      return database;
    }
  }

  static List<Restored> databases() {
    return List.of(
        new Restored("provisioner-service", "provisioner"),
        new Restored("deployer-service", "deployer"),
        new Restored("health-service", "health"),
        new Restored("api-gateway", "gateway"));
  }

  @BeforeAll
  static void start() throws IOException {
    var runs = Files.createDirectories(Path.of("target/stack"));
    stack =
        LocalStack.start(
            StackOptions.isolated(
                    Path.of("..").toAbsolutePath().normalize(),
                    Files.createTempDirectory(runs, "restore-"))
                .with(
                    "provisioner-service",
                    Map.of(
                        "PROVISIONER_LISTING_LAG", "3S",
                        "PROVISIONER_WATCH_BUSY", "1S",
                        "PROVISIONER_WATCH_IDLE", "2S",
                        // What the restored one does not know would be an orphan within seconds.
                        "PROVISIONER_CREATE_DEADLINE", "20S",
                        "PROVISIONER_ORPHAN_GRACE", "1S"))
                .with("api-gateway", Map.of("GATEWAY_HEARTBEAT_EVERY", "2S"))
                .with("health-service", Map.of("HEALTH_SILENCE", "8S"))
                .with(
                    "cloud-simulator",
                    Map.ofEntries(
                        entry("SIMULATOR_DOCKER", "simulated"),
                        entry("SIMULATOR_DELAYS_ACTIVE_AFTER", "300ms"),
                        entry("SIMULATOR_DELAYS_ADDRESS_AFTER", "500ms"),
                        entry("SIMULATOR_DELAYS_BOOT_AFTER", "200ms"),
                        entry("SIMULATOR_DELAYS_STAGE_AFTER", "50ms"),
                        entry("SIMULATOR_DELAYS_DELETE_AFTER", "300ms"))));
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void everythingEndsTrue(Restored restored) throws Exception {
    var kept = toolbox();
    var recreated = toolbox();
    var deleted = toolbox();
    List.of(kept, recreated, deleted).forEach(id -> awaitStatus(toolboxPath(id), "active"));
    var stopped = tool(kept, "stopped");
    var removed = tool(kept, "removed");
    List.of(stopped, removed).forEach(tool -> awaitStatus(toolPath(kept, tool), "running"));

    dump(restored.database());

    // Numbers that reading again does not come to: what happened between two wishes is over.
    for (var times = 0; times < 2; times++) {
      silence(kept);
      user().post(toolPath(kept, stopped) + "/stop", "{}");
      awaitStatus(toolPath(kept, stopped), "stopped");
      user().post(toolPath(kept, stopped) + "/start", "{}");
      awaitStatus(toolPath(kept, stopped), "running");
    }
    user().post(toolPath(kept, stopped) + "/stop", "{}");
    user().delete(toolPath(kept, removed));
    user().post(toolboxPath(recreated) + "/recreate", "{}");
    user().delete(toolboxPath(deleted));
    var made = toolbox();
    awaitStatus(toolboxPath(made), "active");
    var added = tool(kept, "added");
    var first = tool(made, "first");
    awaitStatus(toolPath(kept, added), "running");
    awaitStatus(toolPath(made, first), "running");
    awaitStatus(toolPath(kept, stopped), "stopped");
    awaitStatus(toolboxPath(deleted), "deprovisioned");
    await("the new droplet")
        .atMost(PATIENCE)
        .until(
            () ->
                "active".equals(user().get(toolboxPath(recreated)).text("/status"))
                    && "2".equals(user().get(toolboxPath(recreated)).text("/generation")));
    var before = droplets();

    restore(restored);
    awaitSettled(restored);

    assertShownAndRunning(kept, Map.of("stopped", "stopped", "added", "running"));
    assertShownAndRunning(made, Map.of("first", "running"));
    awaitStatus(toolboxPath(kept), "active");
    awaitStatus(toolboxPath(made), "active");
    awaitStatus(toolboxPath(recreated), "active");
    awaitStatus(toolboxPath(deleted), "deprovisioned");
    assertThat(user().get(toolboxPath(recreated)).text("/generation")).isEqualTo("2");

    // What is asked for next is newer than all that was asked for before.
    user().post(toolPath(kept, stopped) + "/start", "{}");
    user().delete(toolPath(kept, added));
    var next = tool(made, "next");
    awaitStatus(toolPath(made, next), "running");
    awaitStatus(toolPath(kept, stopped), "running");
    assertShownAndRunning(kept, Map.of("stopped", "running"));

    silence(kept);
    assertThat(droplets()).isEqualTo(before);
    assertThat(number("provisioner", "select count(*) from orphan_droplets")).isZero();
    assertThat(operator().get("/v1/dead-letters").body().path("items")).isEmpty();
    for (var id : List.of(kept, recreated, made)) {
      user().delete(toolboxPath(id));
      awaitStatus(toolboxPath(id), "deprovisioned");
    }
  }

  /** Until everybody knows; then its agent goes on, which everybody hears of too. */
  private static void silence(String toolbox) {
    var droplet = user().get(toolboxPath(toolbox)).text("/dropletId");
    var agent =
        simulator().get("/control/droplets/" + droplet).body().path("machine").path("pid").asLong();
    Signal.STOP.send(agent);
    try {
      awaitStatus(toolboxPath(toolbox), "unresponsive");
    } finally {
      Signal.CONT.send(agent);
    }
    awaitStatus(toolboxPath(toolbox), "active");
  }

  /** By the read model, and by the agent itself. */
  private static void assertShownAndRunning(String toolbox, Map<String, String> wanted) {
    awaitUntil(
        "tools of " + toolbox + " to be " + wanted,
        () -> {
          var shown = new TreeMap<String, String>();
          for (var tool : user().get(toolboxPath(toolbox) + "/tools").body().path("items")) {
            if (!tool.path("status").asText().equals("removed")) {
              shown.put(tool.path("name").asText(), tool.path("status").asText());
            }
          }
          return shown;
        },
        wanted);
    awaitUntil(
        "what runs on the droplet of " + toolbox,
        () ->
            StreamSupport.stream(
                    user()
                        .get(toolboxPath(toolbox) + "/agent-status")
                        .body()
                        .path("tool_instances")
                        .spliterator(),
                    false)
                .filter(t -> t.path("status").asText().equals("running"))
                .map(t -> t.path("name").asText())
                .collect(Collectors.toSet()),
        wanted.entrySet().stream()
            .filter(e -> e.getValue().equals("running"))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()));
  }

  private interface Look {
    Object now() throws Exception;
  }

  private static void awaitUntil(String what, Look look, Object wanted) {
    var last = new Object[1];
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(250))
          .ignoreExceptions()
          .until(
              () -> {
                last[0] = look.now();
                return wanted.equals(last[0]);
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(what + ": wanted " + wanted + ", found " + last[0], e);
    }
  }

  private static void awaitStatus(String path, String status) {
    awaitUntil(path, () -> user().get(path).text("/status"), status);
  }

  private static void awaitSettled(Restored restored) {
    awaitUntil(
        restored + " to be settled",
        () ->
            Databases.rows(
                stack.jdbcUrl(restored.database()),
                "select number > 0, retold_at is not null from incarnation"),
        List.of(List.of("t", "t")));
  }

  /** Consistent, as a dump is; the service goes on with new connections. */
  private static void dump(String database) throws SQLException {
    admin("drop database if exists " + database + "_dump");
    alone(database, () -> admin("create database " + database + "_dump template " + database));
  }

  private static void restore(Restored restored) throws SQLException {
    var database = restored.database();
    stack.process(restored.service()).stop();
    admin("drop database " + database + " with (force)");
    admin("alter database " + database + "_dump rename to " + database);
    stack.process(restored.service()).start();
    stack.process(restored.service()).awaitReady(PATIENCE);
  }

  private interface Step {
    void run() throws SQLException;
  }

  private static void alone(String database, Step step) throws SQLException {
    admin("alter database " + database + " allow_connections false");
    try {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(
              () -> {
                admin(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                        + database
                        + "'");
                step.run();
                return true;
              });
    } finally {
      admin("alter database " + database + " allow_connections true");
    }
  }

  private static void admin(String sql) throws SQLException {
    try (var connection = Databases.connect(stack.jdbcUrl("postgres"));
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(String database, String sql) throws SQLException {
    return Databases.number(stack.jdbcUrl(database), sql);
  }

  /** All that live. */
  private static Set<Long> droplets() {
    return StreamSupport.stream(
            simulator()
                .get("/v2/droplets?per_page=200&tag_name=agentopia-toolbox")
                .body()
                .path("droplets")
                .spliterator(),
            false)
        .map((JsonNode d) -> d.path("id").asLong())
        .collect(Collectors.toSet());
  }

  private static Api simulator() {
    return new Api(stack.url("cloud-simulator"), stack.digitalOceanToken());
  }

  private static Api user() {
    return new Api(stack.url("api-gateway"), stack.apiKey());
  }

  private static Api operator() {
    return new Api(stack.url("api-gateway"), stack.operatorApiKey());
  }

  private static String toolboxPath(String toolbox) {
    return "/v1/toolboxes/" + toolbox;
  }

  private static String toolPath(String toolbox, String tool) {
    return toolboxPath(toolbox) + "/tools/" + tool;
  }

  private static String toolbox() {
    return accepted("/v1/toolboxes", Wishes.toolbox(Wishes.unique("r-")));
  }

  private static String tool(String toolbox, String name) {
    return accepted(toolboxPath(toolbox) + "/tools", Wishes.tool(name));
  }

  private static String accepted(String path, String body) {
    var key = UUID.randomUUID().toString();
    var id = new String[1];
    awaitUntil(
        path + " to be accepted",
        () -> {
          var answer = user().with("Idempotency-Key", key).post(path, body);
          id[0] = answer.text("/id");
          return answer.status();
        },
        202);
    return id[0];
  }
}
