package io.agentopia.toolbox.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.health.HeartbeatsCostNoRowsTest.PatientWatch;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What of the heartbeats goes to the database, and when; nobody is silent here for long enough. */
@QuarkusTest
@TestProfile(PatientWatch.class)
@QuarkusTestResource(EmbeddedStackResource.class)
class HeartbeatsCostNoRowsTest {
  public static class PatientWatch implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("health.silence", "10M");
    }
  }

  private static final String OTHER_IMAGE = "registry.example/dtma@sha256:" + "c".repeat(64);

  @Inject DataSource database;

  /** A sequence counts at once what the statistics would tell much later. */
  @Test
  void manyBeatsThatSayNothingNewAreHardlyARow() throws SQLException {
    var stories = Stream.generate(this::healthy).limit(10).toList();
    execute("create sequence rows_written minvalue 0");
    execute(
        "create function count_row() returns trigger language plpgsql as"
            + " $$ begin perform nextval('rows_written'); return null; end $$");
    for (var table : List.of("toolbox_health", "heartbeat_partitions")) {
      execute(
          "create trigger count_row after insert or update or delete on "
              + table
              + " for each row execute function count_row()");
    }
    var beats = 0;
    for (var i = 0; i < 100; i++) {
      stories.forEach(s -> s.beat(1));
      beats += stories.size();
    }
    var last = Instant.now();
    stories.forEach(s -> s.beat(1));
    for (var story : stories) {
      until(() -> heardAt(story).isAfter(last));
    }
    until(
        () ->
            number("select count(*) from heartbeat_partitions where stored_at >= '" + last + "'")
                > 0);
    var rows = number("select last_value from rows_written");
    assertThat(rows).isBetween(1L, beats / 100L);
    execute("drop function count_row() cascade");
  }

  @Test
  void whatABeatSaysThatIsNewIsWrittenAtOnce() throws SQLException {
    var story = healthy();
    var image = "registry.example/dtma@sha256:" + "d".repeat(64);
    story.bus.publish(story.heartbeat(1, true, 3, image, null));
    until(() -> image.equals(text(story, "agent_image")));
    story.bus.publish(story.heartbeat(1, true, 99, image, null));
    until(() -> !story.events(HealthDegraded.class).isEmpty());
    assertThat(text(story, "last_heartbeat")).contains("\"diskPercent\":99");
  }

  @Test
  void aBeatThatTheDatabaseRefusesSpoilsNoOther() throws SQLException {
    var bad = healthy();
    var good = healthy();
    bad.bus.publish(withImage(bad, "1\u0000"));
    good.bus.publish(good.heartbeat(1, true, 3, OTHER_IMAGE, null));
    until(() -> OTHER_IMAGE.equals(text(good, "agent_image")));
    // it is heard all the same, and what it says next is stored again
    var stored = Instant.now();
    bad.bus.publish(withImage(bad, "1\u0000"));
    until(() -> heardAt(bad).isAfter(stored));
    bad.bus.publish(bad.heartbeat(1, true, 3, OTHER_IMAGE, null));
    until(() -> OTHER_IMAGE.equals(text(bad, "agent_image")));
  }

  @Test
  void anOwnerThatWasReplacedChangesNoStateUntilItIsTheOwnerAgain() throws SQLException {
    var story = new Story();
    story.ready(1, 1);
    until(() -> "starting".equals(story.document("status")));
    until(() -> number("select count(*) from heartbeat_partitions") == 2);
    execute("update heartbeat_partitions set epoch = epoch + 100");
    story.beat(1);
    until(
        () -> {
          story.beat(1);
          return !story.healthy().isEmpty();
        });
    assertThat(story.healthy()).hasSize(1);
    assertThat(
            number(
                "select epoch from heartbeat_partitions where partition = "
                    + OtherConsumer.partition(story.id)))
        .isGreaterThan(101);
  }

  private static AgentHeartbeat withImage(Story story, String image) {
    return story.heartbeat(1, true, 3, "registry.example/" + image, null);
  }

  private Story healthy() {
    var story = new Story();
    story.ready(1, 1);
    story.beat(1);
    until(() -> !story.healthy().isEmpty());
    return story;
  }

  private static Instant heardAt(Story story) {
    return Instant.parse(story.document("lastHeartbeatAt"));
  }

  private String text(Story story, String column) throws SQLException {
    try (var connection = database.getConnection();
        var select =
            connection.prepareStatement(
                "select " + column + " from toolbox_health where toolbox_id = ?")) {
      select.setObject(1, story.id);
      try (var result = select.executeQuery()) {
        result.next();
        return result.getString(1);
      }
    }
  }

  private long number(String query) throws SQLException {
    try (var connection = database.getConnection();
        var result = connection.createStatement().executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  private void execute(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void until(Callable<Boolean> fact) {
    await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(200)).until(fact);
  }
}
