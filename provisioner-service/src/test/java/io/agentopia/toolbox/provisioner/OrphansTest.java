package io.agentopia.toolbox.provisioner;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItems;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletCreated;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.DropletRequest;
import io.agentopia.toolbox.provisioner.cloud.InMemoryCloud;
import io.agentopia.toolbox.provisioner.cloud.Tags;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Droplets that stand in the cloud and belong to nobody. Grace period here: 8 s. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class OrphansTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FLEET = "agentopia-toolbox";
  private final TestBus bus = TestBus.get();
  private final UUID id = UUID.randomUUID();
  private final List<Long> made = new ArrayList<>();

  @Inject InMemoryCloud cloud;
  @Inject Pool pool;

  /** A database without a toolbox would judge nobody. */
  @BeforeEach
  void aToolboxOfOurOwn() {
    var own = UUID.randomUUID();
    request(own);
    awaitDroplet(own);
  }

  @AfterEach
  void nothingIsLeft() {
    made.forEach(cloud::remove);
    pool.query("delete from orphan_allowances").execute().await().atMost(PATIENCE);
  }

  @Test
  void aDropletOfNoToolboxIsQuarantinedAndDeletedAfterTheGracePeriod() {
    var orphan = orphan(UUID.randomUUID());
    await().atMost(PATIENCE).until(() -> "quarantined".equals(state(orphan)));
    assertThat(cloud.live(Tags.QUARANTINED)).anyMatch(d -> d.id() == orphan);
    orphans()
        .body("held", equalTo(null))
        .body("orphans.find { it.dropletId == " + orphan + " }.reason", equalTo("no_toolbox"));

    await().atMost(PATIENCE).until(() -> "deleted".equals(state(orphan)));
    assertThat(cloud.live(FLEET)).noneMatch(d -> d.id() == orphan);
    orphans()
        .body("orphans.find { it.dropletId == " + orphan + " }.tags", hasItems(FLEET, "gen:1"));
  }

  @Test
  void aDropletThatHasAnOwnerAgainIsReleasedAndStays() {
    var orphan = orphan(id);
    await().atMost(PATIENCE).until(() -> "quarantined".equals(state(orphan)));
    cloud.nextCreate(r -> new Created.Unsure("time-out"));
    request(id);
    await().atMost(PATIENCE).until(() -> "released".equals(state(orphan)));
    awaitDroplet(id);
    assertThat(cloud.live(Tags.of(id)))
        .singleElement()
        .matches(d -> d.id() == orphan && !d.tags().contains(Tags.QUARANTINED));
  }

  @Test
  void manyOrphansAtOnceHoldTheSweepUntilAnOperatorAllowsThem() {
    var orphans = new ArrayList<Long>();
    for (var i = 0; i < 12; i++) {
      orphans.add(orphan(UUID.randomUUID()));
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                orphans()
                    .body("held.found", equalTo(12))
                    .body("held.reason", containsString("more than can be true")));
    assertThat(orphans).noneMatch(o -> state(o) != null);
    assertThat(cloud.live(Tags.QUARANTINED)).noneMatch(d -> orphans.contains(d.id()));

    internal()
        .body(Map.of("upTo", 12))
        .post("/internal/orphans/allow")
        .then()
        .statusCode(400)
        .body("errors.field", hasItems("who", "why"));
    internal()
        .body(Map.of("upTo", 12, "who", "ops", "why", "left over from a load test"))
        .post("/internal/orphans/allow")
        .then()
        .statusCode(200);
    await()
        .atMost(PATIENCE)
        .until(() -> orphans.stream().allMatch(o -> "deleted".equals(state(o))));
    orphans().body("held", equalTo(null)).body("allowance.who", equalTo("ops"));
    assertThat(cloud.live(FLEET)).noneMatch(d -> orphans.contains(d.id()));
  }

  @Test
  void operatorsSeeWhatTheServiceDoesByItselfAndHowThatGoes() {
    given().get("/internal/work").then().statusCode(401);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                internal()
                    .get("/internal/work")
                    .then()
                    .statusCode(200)
                    .body("name", hasItems("steps", "fleet-watch", "clock", "forgetting"))
                    .body("find { it.name == 'fleet-watch' }.times", greaterThan(0)));
  }

  @Test
  void orphansAreNobodysBusinessWithoutTheInternalKey() {
    given().get("/internal/orphans").then().statusCode(401);
  }

  /** As an earlier life of ours, or another program with our tags, might have made it. */
  private long orphan(UUID toolbox) {
    var request =
        new DropletRequest(
            "toolbox-" + toolbox + "-g1",
            "nyc3",
            "s-1vcpu-1gb",
            "debian-12-x64",
            Tags.of(FLEET, toolbox, 1),
            "#cloud-config\n");
    var dropletId = cloud.add(request, Instant.now().minus(Duration.ofDays(1)));
    made.add(dropletId);
    return dropletId;
  }

  private void request(UUID toolbox) {
    bus.publish(
        Told.toolboxRequested(
            new Subject(toolbox, "acct-orphans", 0, 0), "t-" + toolbox, "nyc3", "s-1vcpu-1gb"));
  }

  private void awaitDroplet(UUID toolbox) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> !bus.events(Topics.TOOLBOX_LIFECYCLE, toolbox, DropletCreated.class).isEmpty());
  }

  private static String state(long dropletId) {
    return orphans().extract().path("orphans.find { it.dropletId == " + dropletId + " }?.state");
  }

  private static io.restassured.response.ValidatableResponse orphans() {
    return internal().get("/internal/orphans").then().statusCode(200);
  }

  private static RequestSpecification internal() {
    return given()
        .header("Authorization", "Bearer internal-test-key")
        .contentType("application/json");
  }
}
