package io.agentopia.toolbox.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.FakeServices;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.gateway.view.ViewChanges;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Agents are admitted from memory, which is right: told of each change, and not believed untold.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
@QuarkusTestResource(FakeServices.class)
class KnownToolboxesTest {
  @Inject KnownToolboxes known;
  @Inject ViewChanges changes;
  @Inject VertxContexts contexts;
  @Inject DataSource database;

  private final UUID id = UUID.randomUUID();

  @BeforeEach
  void aToolboxThatIsKnown() {
    TestBus.get()
        .publish(
            Told.toolboxAccepted(
                new Subject(id, "acct-1", 1, 1),
                ToolboxStatus.PENDING_PROVISION,
                "t-" + id.toString().substring(0, 8),
                "nyc3",
                "s-1vcpu-1gb"));
    await().atMost(Duration.ofSeconds(30)).until(() -> found() != null && found() == found());
  }

  private ToolboxView found() {
    return contexts.run(() -> known.find(id)).join();
  }

  private void update(String change) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(change + " where id = '" + id + "'");
    }
  }

  /** Changed, and nobody is told. */
  private void updateUntold(String change) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica");
      try {
        statement.execute(change + " where id = '" + id + "'");
      } finally {
        statement.execute("reset session_replication_role");
      }
    }
  }

  @Test
  void theDatabaseIsNotAskedUntilSomethingChanged() throws SQLException {
    updateUntold("update toolbox_view set status = 'active'");
    assertThat(found().status).isEqualTo("pending_provision");

    update("update toolbox_view set generation = 2");

    await()
        .atMost(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> found().generation == 2);
    assertThat(found().status).isEqualTo("active");
  }

  @Test
  void whileChangesAreNotToldTheDatabaseIsAsked() throws SQLException {
    assertThat(changes.isListening()).isTrue();
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where query = 'select ''view_changed''' and pid <> pg_backend_pid()");
    }
    await().atMost(Duration.ofSeconds(5)).until(() -> !changes.isListening());

    updateUntold("update toolbox_view set status = 'deprovisioned'");

    assertThat(found().status).isEqualTo("deprovisioned");
    await().atMost(Duration.ofSeconds(30)).until(() -> changes.isListening());
    assertThat(found().status).isEqualTo("deprovisioned");
  }

  @Test
  void whatNobodyHasHeardOfIsAskedForAgain() {
    var unknown = UUID.randomUUID();
    assertThat(contexts.run(() -> known.find(unknown)).join()).isNull();
  }
}
