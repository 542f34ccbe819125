package io.agentopia.toolbox.health;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Severity;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class LostDropletsAreHealedTest {
  @Inject DataSource database;
  private final Story story = new Story();

  /** The other tests' toolboxes are no part of this fleet. */
  @BeforeEach
  void aFleetOfItsOwn() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("delete from lost_droplets");
      statement.execute("delete from toolbox_health");
      statement.execute("delete from remediation_allowances");
    }
  }

  @Test
  void aLostDropletIsRecreatedOnceHoweverOftenItsLossIsTold() {
    story.ready(2, 5);
    lost(story, 1, 4); // of a droplet that was replaced since
    lost(story, 2, 6);
    lost(story, 2, 7);
    patiently().until(() -> !remedies(story).isEmpty());
    status(story, 3, 8, ToolboxStatus.PROVISIONING);
    lost(story, 2, 6);
    afterAnothersRemedy();
    assertThat(remedies(story))
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.generation()).isEqualTo(2);
              assertThat(e.sequence()).isEqualTo(1);
              assertThat(e.remedy()).isEqualTo(new Remedy("recreate_droplet"));
              assertThat(e.reason()).isEqualTo(new HealthReason("droplet_lost"));
            });
  }

  @Test
  void aRemedyThatNobodyTakesUpIsAskedForAgain() {
    story.ready(1, 1);
    lost(story, 1, 2);
    patiently().until(() -> remedies(story).size() > 1);
    assertThat(remedies(story)).extracting("sequence").startsWith(1L, 2L);
  }

  @Test
  void aDropletWhoseAgentStillSpeaksIsLeftAlone() {
    story.ready(1, 1);
    story.beat(1);
    patiently().until(() -> !story.healthy().isEmpty());
    lost(story, 1, 2);
    await()
        .pollInterval(Duration.ofMillis(300))
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(6))
        .until(
            () -> {
              story.beat(1);
              return remedies(story).isEmpty();
            });
    patiently().until(() -> !remedies(story).isEmpty());
  }

  /** With another team's token the cloud does not know it; with the right one it is there again. */
  @Test
  void oneThatIsThereAfterAllIsFoundHealthyAgainAndMayBeLostAgain() throws SQLException {
    story.ready(1, 1);
    story.beat(1);
    patiently().until(() -> !story.healthy().isEmpty());
    lost(story, 1, 2);
    patiently().until(() -> losses() == 1);
    story.bus.publish(
        Told.dropletReady(
            new Subject(story.id, "acct-1", 1, 3),
            ToolboxStatus.UNRESPONSIVE,
            7,
            "203.0.113.1",
            30000));
    patiently().until(() -> losses() == 0);
    patiently()
        .until(
            () -> {
              story.beat(1);
              return !story.events(HealthRecovered.class).isEmpty();
            });
    assertThat(remedies(story)).isEmpty();
    lost(story, 1, 4);
    patiently().until(() -> !remedies(story).isEmpty());
  }

  private long losses() throws SQLException {
    try (var connection = database.getConnection();
        var result =
            connection.createStatement().executeQuery("select count(*) from lost_droplets")) {
      result.next();
      return result.getLong(1);
    }
  }

  @Test
  void aToolboxOnItsWayOutIsNotHealed() {
    story.ready(1, 1);
    lost(story, 1, 2);
    status(story, 1, 3, ToolboxStatus.PENDING_DEPROVISION);
    afterAnothersRemedy();
    assertThat(remedies(story)).isEmpty();
  }

  @Test
  void aToolboxThatIsLostAgainAndAgainIsGivenUpUntilSomebodyRecreatesIt() {
    for (var generation = 1L; generation <= 2; generation++) {
      story.ready(generation, 10 * generation);
      lost(story, generation, 10 * generation + 1);
      var count = generation;
      patiently().until(() -> remedies(story).size() == count);
    }
    story.ready(3, 30);
    lost(story, 3, 31);
    patiently().until(() -> !story.events(AlertRaised.class).isEmpty());
    status(story, 4, 40, ToolboxStatus.PROVISIONING);
    status(story, 4, 41, ToolboxStatus.ACTIVE);
    patiently().until(() -> !story.events(AlertResolved.class).isEmpty());
    assertThat(remedies(story)).hasSize(2);
    var raised = story.events(AlertRaised.class);
    assertThat(raised).hasSize(1);
    assertThat(raised.getFirst().severity()).isEqualTo(new Severity("critical"));
    assertThat(raised.getFirst().action()).contains("recreate the toolbox");
    assertThat(story.events(AlertResolved.class))
        .extracting("alertId")
        .containsExactly(raised.getFirst().alertId());
  }

  @Test
  void whenMoreAreLostThanCanBeTrueNothingIsTouchedUntilAnOperatorAllowsIt() {
    var stories = Stream.generate(Story::new).limit(4).toList();
    stories.forEach(s -> s.ready(1, 1));
    stories.forEach(s -> patiently().until(() -> "starting".equals(s.document("status"))));
    stories.forEach(s -> lost(s, 1, 2));
    stories.forEach(s -> patiently().until(() -> !s.events(AlertRaised.class).isEmpty()));
    assertThat(stories).allSatisfy(s -> assertThat(remedies(s)).isEmpty());
    assertThat(stories)
        .allSatisfy(
            s ->
                assertThat(s.events(AlertRaised.class))
                    .singleElement()
                    .satisfies(e -> assertThat(e.summary()).contains("4 droplets")));
    assertThat(remediation().getBoolean("held")).isTrue();
    assertThat(remediation().getList("lost")).hasSize(4);

    allow("{\"upTo\": 4, \"who\": \"me\", \"why\": \"they were deleted by mistake\"}", 200);
    stories.forEach(s -> patiently().until(() -> !remedies(s).isEmpty()));
    assertThat(remediation().getBoolean("held")).isFalse();
  }

  @Test
  void anAllowanceNeedsANumberAndSomebodyAndAReason() {
    allow("{\"upTo\": -1}", 400);
    given().get("/internal/remediation").then().statusCode(401);
  }

  /** What was published before this has been handled by then, and has settled. */
  private void afterAnothersRemedy() {
    var next = Stream.generate(Story::new).limit(2).toList(); // on both partitions, as a rule
    next.forEach(s -> s.ready(1, 1));
    next.forEach(s -> lost(s, 1, 2));
    next.forEach(s -> patiently().until(() -> !remedies(s).isEmpty()));
  }

  private static void allow(String wish, int status) {
    given()
        .header("Authorization", "Bearer internal-test-key")
        .contentType("application/json")
        .body(wish)
        .post("/internal/remediation/allow")
        .then()
        .statusCode(status);
  }

  private static io.restassured.path.json.JsonPath remediation() {
    return given()
        .header("Authorization", "Bearer internal-test-key")
        .get("/internal/remediation")
        .jsonPath();
  }

  private static List<RemediationRequested> remedies(Story story) {
    return story.events(RemediationRequested.class);
  }

  private static void lost(Story story, long generation, long sequence) {
    story.bus.publish(
        Told.dropletLost(
            new Subject(story.id, "acct-1", generation, sequence),
            ToolboxStatus.UNRESPONSIVE,
            7,
            "gone"));
  }

  private static void status(Story story, long generation, long sequence, ToolboxStatus status) {
    story.bus.publish(
        Told.toolboxStatusChanged(
            new Subject(story.id, "acct-1", generation, sequence), status, null));
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(30));
  }
}
