package io.agentopia.toolbox.health;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.health.SilenceOfManyIsHeldBackTest.Watchful;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Most of a fleet stops to be heard while the gateway lives: no verdict, and one word of it. */
@QuarkusTest
@TestProfile(Watchful.class)
@QuarkusTestResource(EmbeddedStackResource.class)
class SilenceOfManyIsHeldBackTest {
  /** Longer than a test: what was held back for so long is spoken after all. */
  public static class Watchful implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("health.common-silence.most", "3", "health.common-silence.window", "90S");
    }
  }

  @Inject DataSource database;

  /** The other tests' toolboxes are no part of this fleet. */
  @BeforeEach
  void aFleetOfItsOwn() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("delete from toolbox_health");
    }
  }

  @Test
  void noVerdictIsSpokenWhileMoreAreSilentThanCanBeTrueAndOneIsWhenOnlyOneIs() {
    var fleet = Stream.generate(Story::new).limit(8).toList();
    fleet.forEach(s -> s.ready(1, 1));
    until(fleet, () -> fleet.stream().noneMatch(s -> s.healthy().isEmpty()));

    until(List.of(), () -> remediation().get("silence.since") != null);
    assertThat(remediation().getInt("silence.silent")).isGreaterThan(3);
    assertThat(fleet).allSatisfy(s -> assertThat(s.events(HealthDegraded.class)).isEmpty());

    var silent = fleet.getFirst();
    var heard = fleet.subList(1, fleet.size());
    until(heard, () -> !silent.events(HealthDegraded.class).isEmpty());
    assertThat(heard).allSatisfy(s -> assertThat(s.events(HealthDegraded.class)).isEmpty());
    until(heard, () -> remediation().get("silence") == null);
  }

  private static void until(List<Story> beating, Callable<Boolean> fact) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              beating.forEach(s -> s.beat(1));
              return fact.call();
            });
  }

  private static JsonPath remediation() {
    return given()
        .header("Authorization", "Bearer internal-test-key")
        .get("/internal/remediation")
        .jsonPath();
  }
}
