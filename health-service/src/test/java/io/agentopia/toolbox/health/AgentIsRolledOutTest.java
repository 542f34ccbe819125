package io.agentopia.toolbox.health;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.AgentIsRolledOutTest.PatientRounds;
import io.agentopia.toolbox.health.Fleet.Agent;
import io.agentopia.toolbox.health.watch.RolloutRound;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Heartbeats in, requests out. */
@QuarkusTest
@TestProfile(PatientRounds.class)
@QuarkusTestResource(EmbeddedStackResource.class)
class AgentIsRolledOutTest {
  /** Nobody is silent here for as long as a slow test takes between two beats. */
  public static class PatientRounds implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("health.silence", "20S", "health.rollout-every", "0.3S");
    }
  }

  /** The common pool's threads have the class loader of whichever application used it first. */
  private static final Executor APART = Executors.newVirtualThreadPerTaskExecutor();

  @Inject DataSource database;
  @Inject RolloutRound round;

  /** Toolboxes of other tests are no part of this one's fleet. */
  @BeforeEach
  void anEmptyFleet() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("truncate agent_rollout, agent_rollout_member, agent_rollout_audit");
      statement.execute("update toolbox_health set status = 'unknown', look_again_at = null");
    }
  }

  @Test
  void theCanaryProvesItThenTheOthersFollowAndThoseWhoComeLater() {
    var fleet = healthy(4);
    fleet.agents.forEach(a -> a.isStubborn = true);
    var id = start(Map.of("maxFailures", 0));
    until(fleet, () -> asked(fleet).size() == 1);
    var canary = asked(fleet).getFirst();
    assertThat(get(id).getString("state")).isEqualTo("canary");
    assertThat(get(id).getInt("counts.waiting")).isEqualTo(3);

    canary.isStubborn = false;
    until(fleet, () -> asked(fleet).size() == 4);
    assertThat(get(id).getString("state")).isEqualTo("rolling");
    assertThat(get(id).getString("members.find { it.canary }.phase")).isEqualTo("proved");
    fleet.agents.forEach(a -> a.isStubborn = false);
    until(fleet, () -> get(id).getString("state").equals("complete"));
    assertThat(get(id).getInt("counts.proved")).isEqualTo(4);
    assertThat(get(id).getBoolean("isTarget")).isTrue();
    for (var agent : fleet.agents) {
      assertThat(agent.requests())
          .singleElement()
          .satisfies(
              e -> {
                assertThat(e.rolloutId()).isEqualTo(id);
                assertThat(e.version()).isEqualTo("v0.2.0");
                assertThat(e.images()).containsExactly(Fleet.NEW);
                assertThat(e.generation()).isEqualTo(1);
              });
      assertThat(agent.story.events()).extracting(Event::sequence).containsExactly(1L, 2L);
    }

    var later = fleet.add();
    until(fleet, () -> later.requests().size() == 1);
    var recreated = fleet.agents.getFirst();
    recreated.generation = 2;
    recreated.image = Fleet.OLD;
    recreated.story.ready(2, 9);
    until(
        fleet,
        () -> recreated.requests().size() == 2 && recreated.requests().getLast().generation() == 2);
    until(fleet, () -> get(id).getInt("counts.proved") == 6);
  }

  @Test
  void aCanaryThatCannotMoveTakesTheRolloutBackAndNobodyElseIsTouched() {
    var fleet = healthy(3);
    fleet.agents.forEach(a -> a.isStubborn = true);
    var id = start(Map.of());
    until(fleet, () -> asked(fleet).size() == 1);
    var canary = asked(fleet).getFirst();
    canary.failsToStart(Fleet.NEW);
    until(fleet, () -> get(id).getString("state").equals("rolled_back"));
    assertThat(canary.requests())
        .extracting(AgentUpgradeRequested::images)
        .containsExactly(List.of(Fleet.NEW), List.of(Fleet.OLD));
    assertThat(canary.requests().getLast().version()).isEqualTo("0.1.0");
    assertThat(asked(fleet)).containsExactly(canary);
    assertThat(get(id).getString("members[0].reason")).contains("did not answer within 180 s");
    assertThat(get(id).getList("history.action"))
        .containsExactly("start", "rolling_back", "rolled_back");
    assertThat(get(id).getString("history[1].reason")).contains("1 of 1 canaries failed");
    assertThat(get(id).getString("reason")).contains("1 of 1 canaries failed");
    start(Map.of());
  }

  @Test
  void aCanaryThatIsDegradedWhileItBakesTakesTheRolloutBack() {
    var fleet = healthy(2);
    var id = start(Map.of("bakeSeconds", 3600));
    until(fleet, () -> get(id).getInt("counts.moved") == 1);
    var canary = asked(fleet).getFirst();
    canary.isStubborn = true;
    canary.disk = 99;
    until(fleet, () -> canary.requests().size() == 2);
    assertThat(get(id).getString("state")).isEqualTo("rolling_back");
    assertThat(canary.requests().getLast().images()).containsExactly(Fleet.OLD);
    assertThat(get(id).getString("members[0].reason")).contains("disk_full");
    canary.isStubborn = false;
    until(fleet, () -> get(id).getString("state").equals("rolled_back"));
  }

  @Test
  void aFailureMoreThanAllowedTakesEverybodyBackWhoWasAsked() {
    var fleet = healthy(4);
    fleet.agents.forEach(a -> a.isStubborn = true);
    var id = start(Map.of("maxFailures", 0));
    until(fleet, () -> asked(fleet).size() == 1);
    var canary = asked(fleet).getFirst();
    canary.isStubborn = false;
    until(fleet, () -> get(id).getString("state").equals("rolling"));
    assertThat(canary.image).isEqualTo(Fleet.NEW);
    fleet.agents.stream().filter(a -> a != canary).findFirst().get().failsToStart(Fleet.NEW);
    until(fleet, () -> get(id).getString("state").equals("rolled_back"));
    assertThat(canary.image).isEqualTo(Fleet.OLD);
    for (var agent : fleet.agents) {
      assertThat(agent.requests().getLast().images()).containsExactly(Fleet.OLD);
    }
  }

  @Test
  void aCanaryThatLosesItsDropletIsReplacedByAnother() {
    var fleet = healthy(2);
    fleet.agents.forEach(a -> a.isStubborn = true);
    var id = start(Map.of());
    until(fleet, () -> asked(fleet).size() == 1);
    var canary = asked(fleet).getFirst();
    canary.story.bus.publish(
        Told.dropletLost(
            new Subject(canary.id(), "acct-1", 1, 8), ToolboxStatus.UNRESPONSIVE, 7, "gone"));
    until(fleet, () -> asked(fleet).size() == 2);
    assertThat(get(id).getString("state")).isEqualTo("canary");
    assertThat(get(id).getString("members.find { it.toolboxId == '" + canary.id() + "' }.phase"))
        .isEqualTo("left_out");
    // should it be found again, it goes back like everybody who was asked
    assertThat(canary.story.events(AgentUpgradeRequested.class).getLast().images())
        .containsExactly(Fleet.OLD);
    assertThat(get(id).getList("members.findAll { it.canary }")).hasSize(2);
  }

  @Test
  void anOperatorHaltsResumesAndRollsBack() {
    var fleet = healthy(3);
    var id = start(Map.of("bakeSeconds", 3600));
    until(fleet, () -> get(id).getInt("counts.moved") == 1);
    act(id, "resume").statusCode(409).body("type", equalTo("urn:toolbox:problem:rollout_state"));
    act(id, "halt").statusCode(200).body("state", equalTo("halted"), "resumes", equalTo("canary"));
    act(id, "halt").statusCode(409).body("detail", containsString("halted already"));
    act(id, "resume").statusCode(200).body("state", equalTo("canary"));
    post("", wish(Map.of()))
        .statusCode(409)
        .body("type", equalTo("urn:toolbox:problem:rollout_open"))
        .body("detail", containsString(id.toString()));
    act(id, "rollback").statusCode(200).body("state", equalTo("rolling_back"));
    until(fleet, () -> get(id).getString("state").equals("rolled_back"));
    act(id, "rollback").statusCode(409);
    assertThat(get(id).getList("history.action"))
        .containsExactly("start", "halt", "resume", "rollback", "rolled_back");
    assertThat(get(id).getList("history.by").subList(0, 4)).containsOnly("ops");
    assertThat(asked(fleet)).hasSize(1);
  }

  @Test
  void aCompleteRolloutCanBeTakenBackByAnOperatorAlsoWhereDropletsWereReplacedSince() {
    var fleet = healthy(2);
    var id = start(Map.of());
    until(fleet, () -> get(id).getString("state").equals("complete"));
    var recreated = fleet.agents.getFirst();
    recreated.generation = 2;
    recreated.image = Fleet.OLD;
    recreated.story.ready(2, 9);
    until(fleet, () -> get(id).getInt("counts.proved") == 3);
    act(id, "rollback").statusCode(200);
    until(fleet, () -> get(id).getString("state").equals("rolled_back"));
    assertThat(get(id).getInt("counts.returned")).isEqualTo(2);
    assertThat(get(id).getInt("counts.leftOut")).isEqualTo(1); // the droplet that is gone
    assertThat(fleet.agents).extracting(a -> a.image).containsOnly(Fleet.OLD);
    assertThat(get(id).getBoolean("isTarget")).isFalse();
  }

  @Test
  void manyRoundsAtTheSameMomentAskEverybodyOnce() {
    var fleet = healthy(8);
    var id = start(Map.of("atOnce", 3, "canaries", 2));
    until(
        fleet,
        () -> {
          Stream.generate(() -> CompletableFuture.runAsync(round::round, APART))
              .limit(6)
              .toList()
              .forEach(CompletableFuture::join);
          var counts = get(id).getMap("counts");
          assertThat((Integer) counts.get("requested") + (Integer) counts.get("moved"))
              .isLessThanOrEqualTo(3);
          return get(id).getString("state").equals("complete");
        });
    for (var agent : fleet.agents) {
      assertThat(agent.requests()).hasSize(1);
      assertThat(agent.story.events()).extracting(Event::sequence).containsExactly(1L, 2L);
    }
  }

  @Test
  void ofManyStartsAtTheSameMomentOneOpens() {
    var answers =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> post("", wish(Map.of())).extract().statusCode(), APART))
            .limit(5)
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(answers).containsOnlyOnce(201).contains(409).allMatch(s -> s == 201 || s == 409);
  }

  @Test
  void whatIsWrongIsNamedAndWhatIsNotThereIsNotFound() {
    post("", Map.of("canaries", 0, "canary", 1))
        .statusCode(400)
        .body("errors.field", containsInAnyOrder("canaries", "canary", "version", "images"))
        .body("action", notNullValue());
    internal().get("?limit=0").then().statusCode(400).body("errors[0].field", equalTo("limit"));
    internal().get("/" + UUID.randomUUID()).then().statusCode(404);
    internal().get("/x").then().statusCode(404);
    act(UUID.randomUUID(), "halt").statusCode(404);
    var id = start(Map.of());
    post("/" + id + "/halt", Map.of()).statusCode(400).body("errors[0].field", equalTo("reason"));
    internal()
        .get("?limit=1")
        .then()
        .statusCode(200)
        .body("items[0].id", equalTo(id.toString()))
        .body("items[0].state", equalTo("canary"))
        .body("items[0].settings.bakeSeconds", equalTo(1));
    internal().get("?cursor=xyz").then().statusCode(400).body("errors[0].field", equalTo("cursor"));
  }

  @Test
  void theListOfThemIsReadPageByPage() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into agent_rollout (id, image_version, images, digest, canaries, bake_seconds,"
              + " deadline_seconds, at_once, max_failures, fleet, state, since, started_by, started_at)"
              + " select gen_random_uuid(), 'page-' || n, '[\"x\"]', 'y', 1, 1, 1, 1, 1, 1, 'rolled_back',"
              + " now(), 'ops', timestamptz '2020-01-01' + n / 3 * interval '1 second'"
              + " from generate_series(0, 9) n");
    }
    var versions = new ArrayList<String>();
    var cursor = "";
    do {
      var page = internal().get("?limit=4&cursor=" + cursor).then().statusCode(200).extract();
      versions.addAll(page.jsonPath().getList("items.version"));
      cursor = page.jsonPath().getString("nextCursor");
    } while (cursor != null);
    assertThat(versions).doesNotHaveDuplicates();
    var pages = versions.stream().filter(v -> v.startsWith("page-")).toList();
    assertThat(pages).hasSize(10).first().isEqualTo("page-9");
  }

  private static Fleet healthy(int size) {
    var fleet = new Fleet(size);
    until(fleet, fleet::isHealthy);
    return fleet;
  }

  private static List<Agent> asked(Fleet fleet) {
    return fleet.agents.stream().filter(a -> !a.requests().isEmpty()).toList();
  }

  /** HeartbeatBuffer until it is so, for without heartbeats nobody stays healthy. */
  private static void until(Fleet fleet, Callable<Boolean> fact) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              fleet.beat();
              return fact.call();
            });
  }

  private static UUID start(Map<String, Object> settings) {
    return UUID.fromString(
        post("", wish(settings)).statusCode(201).extract().jsonPath().getString("id"));
  }

  private static Map<String, Object> wish(Map<String, Object> settings) {
    var body = new HashMap<String, Object>(Map.of("version", "v0.2.0", "bakeSeconds", 1));
    body.put("images", List.of(Fleet.NEW));
    body.putAll(settings);
    return body;
  }

  private static ValidatableResponse act(UUID id, String action) {
    return post("/" + id + "/" + action, Map.of("reason", "because"));
  }

  private static ValidatableResponse post(String path, Map<String, Object> body) {
    return internal().contentType("application/json").body(body).post(path + "?by=ops").then();
  }

  private static JsonPath get(UUID id) {
    return internal().get("/" + id).then().statusCode(200).extract().jsonPath();
  }

  private static RequestSpecification internal() {
    return given()
        .basePath("/internal/agent-rollouts")
        .header("Authorization", "Bearer internal-test-key");
  }
}
