package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.system.Draw;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the cloud may do; exactly one droplet comes of it, or none and a dead letter. */
@Tag("fault")
@ExtendWith(Draw.class)
class CloudFaultsTest {
  private static final FaultPlatform PLATFORM = FaultPlatform.get();
  private static final Invariants INVARIANTS = new Invariants(PLATFORM);

  @AfterEach
  void theCloudIsWellAgain() {
    PLATFORM.noFaults();
  }

  /** Passing troubles: all end well by themselves. */
  @ParameterizedTest
  @MethodSource("passingTroubles")
  void passingTroubleLeavesOneDropletEach(String fault) throws Exception {
    PLATFORM.fault(fault);
    var sagas = begin(3);
    sagas.forEach(Saga::awaitRunning);
    PLATFORM.noFaults();
    INVARIANTS.holdFor(sagas);
    sagas.parallelStream().forEach(Saga::delete);
    INVARIANTS.holdAlways();
  }

  static List<String> passingTroubles() {
    return Draw.of(
        List.of(
            "{\"kind\":\"timeout_after_create\",\"count\":2,\"delayMs\":1500}",
            "{\"kind\":\"server_error\",\"status\":503,\"count\":6}",
            "{\"kind\":\"rate_limited\",\"retryAfterSeconds\":2,\"count\":3}",
            "{\"kind\":\"stale_list\",\"delayMs\":2000,\"count\":3}",
            "[{\"kind\":\"timeout_after_create\",\"count\":2,\"delayMs\":1500},"
                + "{\"kind\":\"stale_list\",\"delayMs\":2000}]",
            "{\"kind\":\"slow\",\"delayMs\":800,\"probability\":0.5}"));
  }

  /**
   * A machine that stays silent is replaced once; if the next one does too, it is given up, cleaned
   * away, and shown; a replay makes it whole.
   */
  @Test
  void aDropletThatNeverBootsIsReplacedOnceAndThenCleanedAway() throws Exception {
    PLATFORM.fault("{\"kind\":\"never_boots\",\"count\":2}");
    var saga = Saga.begin(PLATFORM);
    var document = saga.awaitToolbox("error_provisioning");
    assertThat(document.path("generation").asLong()).isEqualTo(2);
    assertThat(document.path("error").path("action").asText()).isNotBlank();
    await("its droplet to be gone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> live(saga.toolbox()) == 0);
    replay(saga.toolbox());
    saga.awaitRunning();
    INVARIANTS.holdFor(List.of(saga));
  }

  @Test
  void aDropletDeletedOutsideIsReplaced() throws Exception {
    var saga = Saga.begin(PLATFORM).awaitRunning();
    var lost = deletedOutside(saga);
    saga.awaitToolbox("unresponsive");
    var healed = saga.awaitToolbox("active");
    assertThat(healed.path("generation").asLong()).isEqualTo(2);
    assertThat(healed.path("dropletId").asLong()).isNotEqualTo(lost);
    saga.awaitOnTheDroplet();
    saga.awaitRunning();
    INVARIANTS.holdFor(List.of(saga));
    saga.delete();
    INVARIANTS.holdAlways();
  }

  /** Its deletion meets a droplet that is gone already: 404 is as good as 204. */
  @Test
  void aToolboxWhoseDropletIsGoneCanBeDeleted() throws Exception {
    var saga = Saga.begin(PLATFORM).awaitRunning();
    deletedOutside(saga);
    saga.delete();
    assertThat(live(saga.toolbox())).isZero();
    INVARIANTS.holdAlways();
  }

  private static long deletedOutside(Saga saga) {
    var droplet = saga.awaitToolbox("active").path("dropletId").asLong();
    assertThat(PLATFORM.simulator().delete("/v2/droplets/" + droplet).status()).isEqualTo(204);
    return droplet;
  }

  /** The token was revoked: ten dead letters; after the new token one replay makes all ten. */
  @Test
  void aRefusedTokenEndsInDeadLettersAndOneReplayMakesAllWell() throws Exception {
    PLATFORM.fault("{\"kind\":\"unauthorized\"}");
    var sagas = begin(10);
    for (var saga : sagas) {
      var document = saga.awaitToolbox("error_provisioning");
      assertThat(document.path("error").path("code").asText())
          .isEqualTo("cloud_credentials_refused");
      assertThat(live(saga.toolbox())).isZero();
    }
    PLATFORM.noFaults();
    for (var times = 0; times < 2; times++) {
      // The second replay, of the same letters, changes nothing.
      var wish =
          """
          {"filter": {"code": "cloud_credentials_refused"%s}, "reason": "the token was renewed"}
          """
              .formatted(times == 0 ? "" : ", \"state\": \"replayed\"");
      await("all ten letters to be replayed")
          .atMost(Duration.ofSeconds(30))
          .until(() -> PLATFORM.operator().post("/v1/dead-letters/replay", wish).status() == 202);
      sagas.forEach(Saga::awaitRunning);
    }
    INVARIANTS.holdFor(sagas);
    sagas.parallelStream().forEach(Saga::delete);
    INVARIANTS.holdAtTheEnd();
  }

  private static void replay(String toolbox) {
    var wish =
        "{\"filter\": {\"toolboxId\": \"%s\"}, \"reason\": \"the machine type boots again\"}"
            .formatted(toolbox);
    await("the letter of " + toolbox)
        .atMost(Duration.ofSeconds(30))
        .until(() -> PLATFORM.operator().post("/v1/dead-letters/replay", wish).status() == 202);
  }

  private static int live(String toolbox) {
    return PLATFORM
        .simulator()
        .get("/v2/droplets?per_page=200&tag_name=toolbox:" + toolbox)
        .body()
        .path("droplets")
        .size();
  }

  private static List<Saga> begin(int number) {
    return IntStream.range(0, number).mapToObj(i -> Saga.begin(PLATFORM)).toList();
  }
}
