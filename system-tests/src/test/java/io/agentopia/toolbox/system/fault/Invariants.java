package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * What holds whatever fails, looked up where it cannot be embellished: the services' databases, the
 * cloud's ledger, the agents' own word, the topics.
 */
final class Invariants {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> TERMINAL =
      Set.of("active", "deprovisioned", "error_provisioning", "error_deprovisioning");
  private final FaultPlatform platform;

  Invariants(FaultPlatform platform) {
    this.platform = platform;
  }

  /** All that holds at any moment, and what holds of a toolbox with a running tool. */
  void holdFor(List<Saga> running) throws SQLException, IOException {
    holdAlways();
    for (var saga : running) {
      assertThat(liveDroplets(saga.toolbox())).as("live droplets of " + saga.toolbox()).hasSize(1);
      agentRunsWhatIsWanted(saga.toolbox());
    }
  }

  void holdAlways() throws SQLException, IOException {
    neverTwoDropletsAtATime();
    nothingGoesBackwards();
  }

  /** When everything has come to rest. */
  void holdAtTheEnd() throws SQLException, IOException {
    holdAlways();
    var toolboxes =
        Databases.rows(
            platform.database("provisioner-service"),
            "select id, status from account_tool_environments");
    var mayLive = new HashSet<String>();
    for (var row : toolboxes) {
      assertThat(row.get(1)).as("status of toolbox " + row.getFirst()).isIn(TERMINAL);
      if (row.get(1).equals("active")) {
        mayLive.add("toolbox:" + row.getFirst());
        assertThat(liveDroplets(row.getFirst())).as("droplets of " + row).hasSize(1);
      }
    }
    for (var droplet : ledger()) {
      if (droplet.path("goneAt").isNull()) {
        assertThat(mayLive).as("owner of the live droplet " + droplet).contains(owner(droplet));
      }
    }
    for (var service : FaultPlatform.SERVICES) {
      assertThat(
              Databases.number(
                  platform.database(service),
                  "select count(*) from outbox where published_at is null"))
          .as("unpublished events of " + service)
          .isZero();
    }
    NoSecrets.anywhere(platform);
  }

  private List<Long> liveDroplets(String toolbox) {
    return ledger().stream()
        .filter(d -> owner(d).equals("toolbox:" + toolbox) && d.path("goneAt").isNull())
        .map(d -> d.path("id").asLong())
        .toList();
  }

  private List<JsonNode> ledger() {
    var droplets = platform.simulator().get("/control/ledger").body().path("droplets");
    return StreamSupport.stream(droplets.spliterator(), false).toList();
  }

  private static String owner(JsonNode droplet) {
    return StreamSupport.stream(droplet.path("tags").spliterator(), false)
        .map(JsonNode::asText)
        .filter(tag -> tag.startsWith("toolbox:"))
        .findFirst()
        .orElse("nobody");
  }

  private void neverTwoDropletsAtATime() {
    var byOwner = new HashMap<String, List<JsonNode>>();
    ledger().forEach(d -> byOwner.computeIfAbsent(owner(d), o -> new ArrayList<>()).add(d));
    byOwner.forEach(
        (owner, droplets) -> {
          droplets.sort(Comparator.comparing(d -> instant(d, "createdAt")));
          for (var i = 1; i < droplets.size(); i++) {
            assertThat(instant(droplets.get(i - 1), "goneAt"))
                .as("%s: droplet %s began before %s was gone", owner, i, droplets.get(i - 1))
                .isBeforeOrEqualTo(instant(droplets.get(i), "createdAt"));
          }
        });
  }

  private static Instant instant(JsonNode droplet, String field) {
    return droplet.path(field).isNull() ? Instant.MAX : Instant.parse(droplet.get(field).asText());
  }

  /** First deliveries only: an event that comes again says nothing new. */
  private void nothingGoesBackwards() throws IOException {
    for (var topic :
        List.of("toolbox.lifecycle", "toolbox.boot", "tool.lifecycle", "toolbox.manifests")) {
      var seen = new HashSet<String>();
      Map<String, long[]> last = new HashMap<>();
      for (var record : platform.bus().read(topic::equals)) {
        if (!seen.add(Bus.header(record, "ce_id")) || !isOurs(record)) {
          continue;
        }
        var event = JSON.readTree(record.value());
        var now = new long[] {event.path("generation").asLong(), event.path("sequence").asLong()};
        var writer = record.key() + event.path("toolInstanceId").asText("");
        var before = last.put(writer, now);
        if (before != null) {
          assertThat(now[0]).as("generation in " + event).isGreaterThanOrEqualTo(before[0]);
          assertThat(now[1]).as("sequence in " + event).isGreaterThanOrEqualTo(before[1]);
        }
      }
    }
  }

  /** Not what a test put there itself. */
  private static boolean isOurs(
      org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]> record) {
    return Bus.header(record, "x-test") == null;
  }

  /** An instance may be on its way back, and so may an agent. */
  private void agentRunsWhatIsWanted(String toolbox) {
    await("the agent of " + toolbox + " to run what is wanted")
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(running(toolbox, "/agent-status", "tool_instances"))
                    .as("containers of " + toolbox)
                    .isEqualTo(running(toolbox, "/tools", "items")));
  }

  private Set<String> running(String toolbox, String what, String list) {
    var answer = platform.insistently(api -> api.get("/v1/toolboxes/" + toolbox + what));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
    var names = new TreeSet<String>();
    for (var tool : answer.body().path(list)) {
      if (tool.path("status").asText().equals("running")) {
        names.add(tool.path("name").asText());
      }
    }
    return names;
  }
}
