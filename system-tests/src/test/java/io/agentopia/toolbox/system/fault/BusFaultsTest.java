package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.system.Draw;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a bus may do: lose its broker, say things twice and out of turn, carry poison. */
@Tag("fault")
@ExtendWith(Draw.class)
class BusFaultsTest {
  private static final FaultPlatform PLATFORM = FaultPlatform.get();
  private static final Invariants INVARIANTS = new Invariants(PLATFORM);

  /** Every topic with all who read it. */
  private static final Map<String, List<String>> READERS =
      Map.of(
          "toolbox.requests", List.of("provisioner-service"),
          "toolbox.lifecycle", List.of("health-service", "deployer-service", "api-gateway"),
          "toolbox.boot", List.of("api-gateway"),
          "toolbox.health", List.of("provisioner-service", "deployer-service", "api-gateway"),
          "tool.requests", List.of("deployer-service"),
          "tool.lifecycle", List.of("api-gateway"),
          "toolbox.manifests", List.of("api-gateway"),
          "agent.reports", List.of("deployer-service"));

  @Test
  void repeatedAndReorderedEventsChangeNothing() throws Exception {
    try (var mischief =
        new Mischief(PLATFORM.stack().bootstrapServers(), PLATFORM.random().nextLong())) {
      var sagas = begin(6);
      sagas.forEach(Saga::awaitRunning);
      INVARIANTS.holdFor(sagas);
      sagas.parallelStream().forEach(Saga::delete);
      assertThat(mischief.repeated()).isPositive();
    }
    INVARIANTS.holdAtTheEnd();
  }

  @Test
  void theBrokerDiesAndComesBack() throws Exception {
    var sagas = begin(3);
    sagas.forEach(Saga::toolbox);
    PLATFORM.process("kafka").kill();
    PLATFORM.process("kafka").awaitReady(Duration.ofSeconds(60));
    sagas.forEach(Saga::awaitRunning);
    INVARIANTS.holdFor(sagas);
  }

  @Test
  void theDatabaseDiesAndComesBack() throws Exception {
    var sagas = begin(3);
    sagas.forEach(Saga::toolbox);
    PLATFORM.killDatabaseServer();
    sagas.forEach(Saga::awaitRunning);
    INVARIANTS.holdFor(sagas);
  }

  /**
   * Each kind of poison becomes a dead letter of each reader; a good request behind it is served.
   */
  @Test
  void poisonIsSetAsideAndHoldsNothingUp() throws Exception {
    var key = UUID.randomUUID().toString();
    var since = Instant.now();
    var poison =
        List.of(
            Map.entry(headers("ToolboxRequested.v1"), bytes("{ this is no JSON")),
            Map.entry(headers("ToolboxRequested.v99"), bytes("{}")),
            Map.entry(headers("NeverHeardOf.v1"), bytes("{}")),
            Map.entry(headers("ToolboxRequested.v1"), new byte[1_000_000]),
            Map.entry(Map.<String, String>of("x-test", "poison"), bytes("no headers")));
    for (var topic : READERS.keySet()) {
      poison.forEach(p -> PLATFORM.bus().publish(topic, key, p.getKey(), p.getValue()));
    }
    var saga = Saga.begin(PLATFORM).awaitRunning();
    for (var topic : READERS.keySet()) {
      for (var service : READERS.get(topic)) {
        await(service + "'s dead letters of " + topic)
            .atMost(Duration.ofSeconds(30))
            .until(
                () ->
                    PLATFORM.bus().read((service + "." + topic + ".dlt")::equals).stream()
                            .filter(
                                r -> key.equals(r.key()) && r.timestamp() >= since.toEpochMilli())
                            .count()
                        == poison.size());
      }
    }
    INVARIANTS.holdFor(List.of(saga));
  }

  /** A newer release writes more than this one knows: what it knows still counts. */
  @Test
  void anEventOfANewerReleaseIsUnderstood() throws Exception {
    var id = UUID.randomUUID().toString();
    var body =
        "{\"toolboxId\":\"%s\",\"accountId\":\"%s\",\"name\":\"newer-%s\",\"region\":\"nyc3\",\"size\":\"s-1vcpu-1gb\",\"colour\":{\"of\":[\"the future\"]}}"
            .formatted(id, PLATFORM.stack().account(), id.substring(0, 8));
    var headers = new HashMap<>(headers("ToolboxRequested.v1"));
    headers.put("ce_fromthefuture", "yes");
    PLATFORM.bus().publish("toolbox.requests", id, headers, bytes(body));
    await("the toolbox of a newer gateway to be active")
        .atMost(Duration.ofSeconds(120))
        .until(() -> "active".equals(status(id)));
    INVARIANTS.holdAlways();
  }

  private static String status(String toolbox) {
    return PLATFORM.gateway(0).get("/v1/toolboxes/" + toolbox).text("/status");
  }

  private static List<Saga> begin(int number) {
    return IntStream.range(0, number).mapToObj(i -> Saga.begin(PLATFORM)).toList();
  }

  private static Map<String, String> headers(String type) {
    return Map.of(
        "ce_specversion", "1.0",
        "ce_id", UUID.randomUUID().toString(),
        "ce_source", "/test",
        "ce_type", "io.agentopia.toolbox." + type,
        "ce_time", Instant.now().toString(),
        "content-type", "application/json",
        "x-test", "poison");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
