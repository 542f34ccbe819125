package io.agentopia.toolbox.provisioner;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxRequest.*;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.InMemoryCloud;
import io.agentopia.toolbox.provisioner.cloud.Tags;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The service on a real broker and database; only the cloud is in memory. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class ProvisioningTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern TOKEN = Pattern.compile("DTMA_JOIN_TOKEN=(\\S+)");
  private final TestBus bus = TestBus.get();
  private final UUID id = UUID.randomUUID();

  @Inject InMemoryCloud cloud;

  @Test
  void aRequestBecomesAnActiveToolboxAndItsDeletionLeavesNothing() {
    bus.publish(request(id, "acct-1", "happy-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    join(token(1), "a".repeat(64))
        .statusCode(200)
        .body("toolboxId", equalTo(id.toString()))
        .body("generation", equalTo(1));
    await().atMost(PATIENCE).until(() -> !lifecycle(DropletReady.class).isEmpty());
    bus.publish(Told.dtmaHealthy(new Subject(id, "acct-1", 1, 1), "0.1.0"));
    awaitStatus(ToolboxStatus.ACTIVE);

    bus.publish(Told.toolboxDeletionRequested(new Subject(id, "acct-1", 0, 0), false, null));
    awaitStatus(ToolboxStatus.DEPROVISIONED);

    assertThat(cloud.live(Tags.of(id))).isEmpty();
    assertThat(lifecycle())
        .extracting(e -> e.getClass().getSimpleName())
        .filteredOn(name -> !name.equals("ToolboxStatusChanged"))
        .as("milestones, each once")
        .containsExactly(
            "ToolboxAccepted", "DropletCreated", "DtmaJoined", "DropletReady", "ToolboxDeleted");
    assertThat(lifecycle())
        .extracting(e -> ((ToolboxLifecycle) e).status())
        .containsSubsequence(
            ToolboxStatus.PENDING_PROVISION,
            ToolboxStatus.PROVISIONING,
            ToolboxStatus.AWAITING_HEARTBEAT,
            ToolboxStatus.ACTIVE,
            ToolboxStatus.DEPROVISIONING,
            ToolboxStatus.DEPROVISIONED)
        .endsWith(ToolboxStatus.DEPROVISIONED);
    assertThat(lifecycle())
        .extracting(Event::sequence)
        .as("no gap")
        .containsExactlyElementsOf(LongStream.rangeClosed(1, lifecycle().size()).boxed().toList());
    assertThat(boot())
        .extracting(BootProgressed::stage)
        .containsExactly(BootStage.DROPLET_ACTIVE, BootStage.ADDRESS);
    assertThat(boot()).extracting(Event::sequence).containsExactly(1L, 2L);
  }

  /** Or a 429 would have droplets given up for want of an address that nobody asked for. */
  @Test
  void theAddressOfANewDropletIsAskedForWhileWatchingIsHeldBack() {
    cloud.holdWatching(true);
    try {
      bus.publish(request(id, "acct-1", "unwatched-" + id, "nyc3"));
      awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    } finally {
      cloud.holdWatching(false);
    }
  }

  @Test
  void whatTheCloudRefusesEndsInAnErrorThatSaysWhatToDo() {
    cloud.nextCreate(
        r ->
            new Created.Refused(
                "size_unavailable", "Size is not available in this region.", "Choose another."));
    bus.publish(request(id, "acct-1", "refused-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.ERROR_PROVISIONING);

    assertThat(lifecycle(ToolboxFailed.class))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.code()).isEqualTo("size_unavailable");
              assertThat(e.action()).isEqualTo("Choose another.");
            });
    assertThat(cloud.live(Tags.of(id))).isEmpty();
  }

  @Test
  void aCreateThatSucceededUnheardIsAdoptedNotRepeated() {
    cloud.nextCreate(
        r -> {
          cloud.add(r);
          return new Created.Unsure("time-out");
        });
    bus.publish(request(id, "acct-1", "unheard-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);

    assertThat(cloud.attempts(dropletName(1))).isEqualTo(1);
    assertThat(cloud.live(Tags.of(id))).hasSize(1);
  }

  @Test
  void aCreateThatTrulyFailedIsRepeatedAfterTheListHasShownNothing() {
    cloud.nextCreate(r -> new Created.Unsure("503"));
    bus.publish(request(id, "acct-1", "repeated-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);

    assertThat(cloud.attempts(dropletName(1))).isEqualTo(2);
    assertThat(cloud.live(Tags.of(id))).hasSize(1);
  }

  @Test
  void theSameRequestTwiceMakesOneToolbox() {
    var request = request(id, "acct-1", "twice-" + id, "nyc3");
    var eventId = bus.publish(request);
    bus.publish(eventId, request);
    bus.publish(request);
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);

    assertThat(lifecycle(ToolboxAccepted.class)).hasSize(1);
    assertThat(cloud.live(Tags.of(id))).hasSize(1);
  }

  @Test
  void anInvalidRequestIsRejectedWithTheFieldAtFault() {
    bus.publish(request(id, "acct-1", "x".repeat(64), "nyc3"));
    await().atMost(PATIENCE).until(() -> !lifecycle(ToolboxRejected.class).isEmpty());
    assertThat(lifecycle(ToolboxRejected.class))
        .singleElement()
        .satisfies(e -> assertThat(e.field()).isEqualTo("name"));
  }

  @Test
  void aNameIsTakenOnceInAnAccountAndFreeInAnother() {
    var name = "taken-" + id;
    bus.publish(request(id, "acct-1", name, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    var second = UUID.randomUUID();
    var foreign = UUID.randomUUID();
    bus.publish(request(second, "acct-1", name, "nyc3"));
    bus.publish(request(foreign, "acct-2", name, "nyc3"));

    await()
        .atMost(PATIENCE)
        .until(
            () -> !bus.events(Topics.TOOLBOX_LIFECYCLE, foreign, ToolboxAccepted.class).isEmpty());
    await()
        .atMost(PATIENCE)
        .until(
            () -> !bus.events(Topics.TOOLBOX_LIFECYCLE, second, ToolboxRejected.class).isEmpty());
    assertThat(
            bus.events(Topics.TOOLBOX_LIFECYCLE, second, ToolboxRejected.class).getFirst().code())
        .isEqualTo("name_taken");
  }

  @Test
  void poisonBecomesAByteExactDeadLetterAndBlocksNothing() {
    var poison = "{\"toolboxId\": 7, broken".getBytes(StandardCharsets.UTF_8);
    bus.publish(
        Topics.TOOLBOX_REQUESTS,
        id.toString(),
        Map.of(
            "ce_type", "io.agentopia.toolbox.ToolboxRequested.v1", "ce_id", "1", "ce_source", "/x"),
        poison);
    bus.publish(request(id, "acct-1", "after-poison-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);

    var letters =
        bus.records(Topics.deadLetters("provisioner-service", Topics.TOOLBOX_REQUESTS)).stream()
            .filter(r -> id.toString().equals(r.key()))
            .toList();
    assertThat(letters)
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.value()).isEqualTo(poison);
              assertThat(TestBus.headers(r))
                  .containsEntry("x-retry-code", "unreadable_bad_json")
                  .containsKey("x-retry-source");
            });
  }

  @Test
  void deletingAForeignToolboxIsADeadLetterAndDeletesNothing() {
    bus.publish(request(id, "acct-1", "mine-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    bus.publish(Told.toolboxDeletionRequested(new Subject(id, "acct-evil", 0, 0), true, null));

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                bus
                    .records(Topics.deadLetters("provisioner-service", Topics.TOOLBOX_REQUESTS))
                    .stream()
                    .anyMatch(
                        r ->
                            id.toString().equals(r.key())
                                && "foreign_toolbox"
                                    .equals(TestBus.headers(r).get("x-retry-code"))));
    assertThat(cloud.live(Tags.of(id))).hasSize(1);
  }

  @Test
  void aDeletionThatOvertakesItsRequestWaitsForIt() {
    bus.publish(Told.toolboxDeletionRequested(new Subject(id, "acct-1", 0, 0), false, null));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                bus
                    .records(Topics.retry("provisioner-service", Topics.TOOLBOX_REQUESTS, 200))
                    .stream()
                    .anyMatch(r -> id.toString().equals(r.key())));
    bus.publish(request(id, "acct-1", "late-" + id, "nyc3"));
    await().atMost(PATIENCE).until(() -> !lifecycle(ToolboxDeleted.class).isEmpty());
    assertThat(cloud.live(Tags.of(id))).isEmpty();
  }

  @Test
  void aJoinTokenWorksForOneAgentOnly() {
    bus.publish(request(id, "acct-1", "join-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    join("tbj_wrong", "a".repeat(64))
        .statusCode(401)
        .contentType("application/problem+json")
        .header("Refused-Reason", "unknown")
        .header("Refused-Toolbox", nullValue());
    join(token(1), "short").statusCode(400).body("errors[0].field", equalTo("nonce"));
    join(token(1), "a".repeat(64)).statusCode(200);
    join(token(1), "a".repeat(64)).statusCode(200); // its answer was lost
    join(token(1), "b".repeat(64))
        .statusCode(409)
        .header("Refused-Reason", "used")
        .header("Refused-Toolbox", id.toString())
        .header("Refused-Generation", "1");
    assertThat(lifecycle(DtmaJoined.class)).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void withoutTheInternalKeyNobodyJoins() {
    given()
        .contentType("application/json")
        .body("{}")
        .post("/internal/agents/join")
        .then()
        .statusCode(401);
  }

  @Test
  void bootStagesStandInTheTimeline() {
    bus.publish(request(id, "acct-1", "boot-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    internal()
        .body(Map.of("joinToken", token(1), "stage", "docker", "detail", "28.2.2", "logTail", ""))
        .post("/internal/agents/boot")
        .then()
        .statusCode(202);
    internal()
        .body(
            Map.of(
                "joinToken",
                token(1),
                "stage",
                "failed",
                "detail",
                "image_pull: refused",
                "logTail",
                "x".repeat(4000) + "last"))
        .post("/internal/agents/boot")
        .then()
        .statusCode(202);
    internal()
        .body(Map.of("joinToken", token(1), "stage", "dancing"))
        .post("/internal/agents/boot")
        .then()
        .statusCode(400);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                boot().stream()
                    .anyMatch(e -> e.stage() == BootStage.DOCKER && e.logTail() == null));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                boot().stream()
                    .filter(e -> e.stage() == BootStage.FAILED)
                    .anyMatch(
                        e -> e.generation() == 1 && e.logTail().equals("x".repeat(3996) + "last")));
  }

  /** A boot that has ended is not waited for: once more with a new droplet, then it is given up. */
  @Test
  void aFailedBootIsTriedOnceMoreWithANewDropletAtOnce() {
    bus.publish(request(id, "acct-1", "fails-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    phone("failed").statusCode(202);
    await().atMost(PATIENCE).until(() -> !lifecycle(DropletReplaced.class).isEmpty());
    assertThat(lifecycle(ToolboxStatusChanged.class))
        .anyMatch(e -> e.reason() != null && e.reason().contains("tried once more"));
    assertThat(cloud.live(Tags.of(id)))
        .singleElement()
        .satisfies(d -> assertThat(d.tags()).contains("gen:2"));
    phone("failed").statusCode(401); // the first droplet's token is over with it

    phone(2, "failed").statusCode(202);
    await().atMost(PATIENCE).until(() -> !lifecycle(ToolboxFailed.class).isEmpty());
    assertThat(lifecycle(ToolboxFailed.class))
        .singleElement()
        .satisfies(e -> assertThat(e.code()).isEqualTo("boot_failed"));
    await().atMost(PATIENCE).until(() -> cloud.live(Tags.of(id)).isEmpty());

    bus.publish(Told.toolboxRecreationRequested(new Subject(id, "acct-1", 2, 0), null));
    await().atMost(PATIENCE).until(() -> cloud.live(Tags.of(id)).size() == 1);
    assertThat(cloud.live(Tags.of(id)).getFirst().tags()).contains("gen:3");
  }

  /** User-data can be read by every process on the droplet: what is used up must open nothing. */
  @Test
  void aUsedTokenTellsOfNoBootOnceTheToolboxIsActive() {
    bus.publish(request(id, "acct-1", "over-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    join(token(1), "a".repeat(64)).statusCode(200);
    phone("failed").statusCode(202); // the boot may still end badly
    bus.publish(Told.dtmaHealthy(new Subject(id, "acct-1", 1, 1), "0.1.0"));
    awaitStatus(ToolboxStatus.ACTIVE);
    phone("failed").statusCode(409);
  }

  private ValidatableResponse phone(String stage) {
    return phone(1, stage);
  }

  private ValidatableResponse phone(long generation, String stage) {
    return internal()
        .body(Map.of("joinToken", token(generation), "stage", stage))
        .post("/internal/agents/boot")
        .then();
  }

  @Test
  void recreationReplacesTheDropletByOneOfTheNextGeneration() {
    bus.publish(request(id, "acct-1", "again-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    var old = cloud.live(Tags.of(id)).getFirst().id();
    bus.publish(Told.toolboxRecreationRequested(new Subject(id, "acct-1", 1, 0), null));
    await().atMost(PATIENCE).until(() -> !lifecycle(DropletReplaced.class).isEmpty());

    var replaced = lifecycle(DropletReplaced.class).getFirst();
    assertThat(replaced.oldDropletId()).isEqualTo(old);
    assertThat(replaced.generation()).isEqualTo(2);
    assertThat(cloud.live(Tags.of(id)))
        .singleElement()
        .satisfies(d -> assertThat(d.tags()).contains("gen:2"));
    join(token(1), "a".repeat(64)).statusCode(401).header("Refused-Reason", "replaced");
  }

  @Test
  void aDropletThatVanishesIsNoticedAndVerdictsOnOldGenerationsAreNot() {
    bus.publish(request(id, "acct-1", "lost-" + id, "nyc3"));
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    join(token(1), "a".repeat(64)).statusCode(200);
    bus.publish(Told.dtmaHealthy(new Subject(id, "acct-1", 1, 5), "0.1.0"));
    awaitStatus(ToolboxStatus.ACTIVE);
    bus.publish(
        Told.healthDegraded(
            new Subject(id, "acct-1", 1, 4),
            new HealthReason("heartbeat_missing"),
            "late news",
            Instant.now(),
            List.of()));
    cloud.remove(cloud.live(Tags.of(id)).getFirst().id());
    await().atMost(PATIENCE).until(() -> !lifecycle(DropletLost.class).isEmpty());
    assertThat(lifecycle(ToolboxStatusChanged.class))
        .noneMatch(e -> "heartbeat_missing".equals(e.reason()));
    theRemedyForItReplacesItOnce();
  }

  /** Remedies that are not known here, or about another droplet, change nothing. */
  private void theRemedyForItReplacesItOnce() {
    bus.publish(
        Told.remediationRequested(
            new Subject(id, "acct-1", 1, 6),
            new Remedy("reboot_droplet"),
            new HealthReason("droplet_lost")));
    bus.publish(
        Told.remediationRequested(
            new Subject(id, "acct-1", 2, 7),
            new Remedy("recreate_droplet"),
            new HealthReason("droplet_lost")));
    bus.publish(
        Told.remediationRequested(
            new Subject(id, "acct-1", 1, 8),
            new Remedy("recreate_droplet"),
            new HealthReason("droplet_lost")));
    bus.publish(
        Told.remediationRequested(
            new Subject(id, "acct-1", 1, 9),
            new Remedy("recreate_droplet"),
            new HealthReason("droplet_lost")));
    await().atMost(PATIENCE).until(() -> !lifecycle(DropletReplaced.class).isEmpty());
    assertThat(lifecycle(DropletReplaced.class))
        .singleElement()
        .satisfies(e -> assertThat(e.generation()).isEqualTo(2));
    assertThat(cloud.live(Tags.of(id))).hasSize(1);
  }

  private static ToolboxRequested request(UUID id, String account, String name, String region) {
    return Told.toolboxRequested(
        new Subject(id, account, 0, 0),
        name.length() > 63 && name.startsWith("x")
            ? name
            : name.substring(0, Math.min(name.length(), 60)),
        region,
        "s-1vcpu-1gb");
  }

  private String dropletName(long generation) {
    return "toolbox-" + id + "-g" + generation;
  }

  private String token(long generation) {
    var matcher = TOKEN.matcher(cloud.userDataOf(dropletName(generation)));
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static io.restassured.specification.RequestSpecification internal() {
    return given()
        .header("Authorization", "Bearer internal-test-key")
        .contentType("application/json");
  }

  private static ValidatableResponse join(String token, String nonce) {
    return internal()
        .body(
            Map.of(
                "joinToken",
                token,
                "nonce",
                nonce,
                "agentVersion",
                "0.1.0",
                "hostname",
                "h",
                "bootId",
                "b",
                "agentPort",
                30000))
        .post("/internal/agents/join")
        .then();
  }

  private List<Event> lifecycle() {
    return bus.events(Topics.TOOLBOX_LIFECYCLE, id);
  }

  private <E extends Event> List<E> lifecycle(Class<E> type) {
    return bus.events(Topics.TOOLBOX_LIFECYCLE, id, type);
  }

  private List<BootProgressed> boot() {
    return bus.events(Topics.TOOLBOX_BOOT, id, BootProgressed.class);
  }

  private void awaitStatus(ToolboxStatus status) {
    await()
        .atMost(PATIENCE)
        .until(() -> lifecycle().stream().anyMatch(e -> ((ToolboxLifecycle) e).status() == status));
  }
}
