package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.system.Draw;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Another image of the agent for a whole fleet, a good one with a crash in between, and a bad one.
 */
@Tag("fault")
@ExtendWith(Draw.class)
class AgentsAreRolledOutTest {
  private static final FaultPlatform PLATFORM = FaultPlatform.get();
  private static final Invariants INVARIANTS = new Invariants(PLATFORM);
  private static final String GOOD = "sha256:" + "a".repeat(64);
  private static final String BAD = "sha256:" + "b".repeat(64);

  @BeforeEach
  void theAgentsAreReal() {
    PLATFORM.agents("process");
  }

  @AfterEach
  void theCloudIsWellAgain() {
    PLATFORM.noFaults();
    PLATFORM.agents("light");
  }

  @Test
  void aGoodImageReachesAllThoughTheHealthServiceIsKilled() throws Exception {
    var sagas = running();
    var good = rollOut("good", GOOD);
    await("the rollout to be under way")
        .atMost(Duration.ofSeconds(60))
        .until(() -> !rollout(good).path("members").isEmpty());
    PLATFORM.process("health-service").kill();
    awaitState(good, "complete");
    sagas.forEach(saga -> assertThat(image(saga)).endsWith(GOOD));
    INVARIANTS.holdFor(sagas);

    // No target is left for the toolboxes of other tests.
    post("/v1/agent-rollouts/" + good + "/rollback", "{\"reason\": \"the end of the test\"}", 200);
    awaitState(good, "rolled_back");
    end(sagas);
  }

  @Test
  void aBadImageReachesOnlyTheCanary() throws Exception {
    var sagas = running();
    var before = sagas.stream().map(AgentsAreRolledOutTest::image).toList();
    PLATFORM.fault("{\"kind\":\"broken_agent\",\"match\":{\"image\":\".*@" + BAD + "\"}}");
    var members = awaitState(rollOut("bad", BAD), "rolled_back").path("members");
    assertThat(members).as("%s", members).hasSize(1);
    assertThat(members.get(0).path("canary").asBoolean()).isTrue();
    sagas.forEach(Saga::awaitRunning);
    assertThat(sagas).extracting(AgentsAreRolledOutTest::image).isEqualTo(before);
    end(sagas);
  }

  private static List<Saga> running() {
    var sagas = IntStream.range(0, 3).mapToObj(i -> Saga.begin(PLATFORM)).toList();
    sagas.forEach(Saga::awaitRunning);
    return sagas;
  }

  private static void end(List<Saga> sagas) throws Exception {
    INVARIANTS.holdFor(sagas);
    sagas.parallelStream().forEach(Saga::delete);
    INVARIANTS.holdAlways();
  }

  private static String rollOut(String version, String digest) {
    var wish =
        """
        {"version": "%s", "images": ["docker.io/agentopia/dtma@%s"], "bakeSeconds": 3, "reason": "a test"}
        """
            .formatted(version, digest);
    return post("/v1/agent-rollouts", wish, 201).path("id").asText();
  }

  private static JsonNode post(String path, String body, int status) {
    var answer = PLATFORM.operator().post(path, body);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
    return answer.body();
  }

  private static JsonNode rollout(String id) {
    return PLATFORM.operator().get("/v1/agent-rollouts/" + id).body();
  }

  private static JsonNode awaitState(String id, String state) {
    var last = new AtomicReference<JsonNode>();
    await("rollout " + id + " to be " + state)
        .atMost(Duration.ofSeconds(240))
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              var answer = PLATFORM.operator().get("/v1/agent-rollouts/" + id);
              if (answer.status() != 200) {
                return false; // the health service may be starting anew
              }
              last.set(answer.body());
              var now = answer.text("/state");
              assertThat(now.equals("rolled_back") && !now.equals(state))
                  .as("%s", answer.body())
                  .isFalse();
              return now.equals(state);
            });
    return last.get();
  }

  /** What the cloud says runs on the toolbox's only droplet. */
  private static String image(Saga saga) {
    var listed =
        PLATFORM
            .simulator()
            .get("/v2/droplets?per_page=200&tag_name=toolbox:" + saga.toolbox())
            .body()
            .path("droplets");
    var ids = StreamSupport.stream(listed.spliterator(), false).map(d -> d.path("id")).toList();
    assertThat(ids).hasSize(1);
    var machine = PLATFORM.simulator().get("/control/droplets/" + ids.getFirst().asLong()).body();
    return machine.path("machine").path("agentImage").asText();
  }
}
