package io.agentopia.toolbox.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Toolboxes as a service finds them in its table when it starts: it has heard nothing of them yet.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class StoredHealthIsKeptTest {
  /** The first partition is taken over some seconds after the start of the service. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String INSERT =
      """
      insert into toolbox_health (toolbox_id, account_id, generation, status, reason, message, since, watched_since,
        announced_generation, docker_lost_at, last_heartbeat_at, last_heartbeat, look_again_at, sequence,
        lifecycle_sequence, updated_at)
      values (?, 'acct-1', 1, ?, ?, null, ?, ?, 1, ?, ?, ?, ?, 5, 1, ?)""";

  @Inject DataSource database;
  private final Story story = new Story();
  private final Instant now = Instant.now();

  @AfterEach
  void forget() throws SQLException {
    execute("delete from toolbox_health where toolbox_id = ?", s -> s.setObject(1, story.id));
  }

  @Test
  void dockerThatWasLostBeforeTheStartIsStillLostAfterTheNextHeartbeat() throws SQLException {
    stored("degraded", "docker_unreachable", json(false), now.minusSeconds(3600));
    story.beatWithoutDocker(1);
    await().atMost(PATIENCE).until(() -> beatIsJudged());
    assertThat(story.<String>document("status")).isEqualTo("degraded");
    assertThat(story.events()).isEmpty();
  }

  @Test
  void aHeartbeatThatChangesNothingIsNoNewVersion() throws SQLException {
    stored("healthy", null, json(true), null);
    story.beat(1);
    await().atMost(PATIENCE).until(() -> beatIsJudged());
    assertThat(number("version")).isZero();
    assertThat(story.events()).isEmpty();
  }

  @Test
  void oneUnreadableRowStopsNoOther() throws SQLException {
    stored("healthy", null, "no json", null);
    var other = new Story();
    other.ready(1, 1);
    other.beat(1);
    await().atMost(PATIENCE).until(() -> !other.events(DtmaHealthy.class).isEmpty());
    // put off, and so not in the way of each later round either
    await().atMost(PATIENCE).until(() -> isTrue("look_again_at > now()"));
  }

  /**
   * What is told is newer than the row was, and its findings have been written: it was due at the
   * epoch before.
   */
  private boolean beatIsJudged() throws SQLException {
    return !Instant.parse(story.document("lastHeartbeatAt")).isBefore(now)
        && isTrue("findings is not null and look_again_at > now()");
  }

  private void stored(String status, String reason, String heartbeat, Instant dockerLostAt)
      throws SQLException {
    execute(
        INSERT,
        s -> {
          s.setObject(1, story.id);
          s.setString(2, status);
          s.setString(3, reason);
          s.setTimestamp(4, Timestamp.from(now.minusSeconds(3600)));
          s.setTimestamp(5, Timestamp.from(now.minusSeconds(7200)));
          s.setTimestamp(6, dockerLostAt == null ? null : Timestamp.from(dockerLostAt));
          s.setTimestamp(7, Timestamp.from(now.minusSeconds(1)));
          s.setString(8, heartbeat);
          s.setTimestamp(9, Timestamp.from(Instant.EPOCH));
          s.setTimestamp(10, Timestamp.from(now));
        });
  }

  private String json(boolean docker) {
    try {
      return EventCodec.mapper().writeValueAsString(story.heartbeat(1, docker));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isTrue(String condition) throws SQLException {
    return number("case when " + condition + " then 1 else 0 end") == 1;
  }

  private long number(String expression) throws SQLException {
    try (var connection = database.getConnection();
        var select =
            connection.prepareStatement(
                "select " + expression + " from toolbox_health where toolbox_id = ?")) {
      select.setObject(1, story.id);
      try (var result = select.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    }
  }

  private interface Filling {
    void fill(PreparedStatement statement) throws SQLException;
  }

  private void execute(String sql, Filling filling) throws SQLException {
    try (Connection connection = database.getConnection();
        var statement = connection.prepareStatement(sql)) {
      filling.fill(statement);
      statement.executeUpdate();
    }
  }
}
