package io.agentopia.toolbox.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployStarted;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployed;
import io.agentopia.toolbox.events.ToolLifecycle.ToolStatusChanged;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.TestBus;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import javax.sql.DataSource;

/** What the tests of the whole service share: events go in by Kafka, and events come out. */
abstract class ServiceTest {
  static final String IMAGE = "docker.io/library/debian:bookworm-slim";

  static final Duration PATIENCE = Duration.ofSeconds(30);

  @Inject DataSource database;

  final TestBus bus = TestBus.get();
  final Samples say = new Samples();
  final UUID search = UUID.randomUUID();

  void healthyToolbox() {
    bus.publish(say.accepted());
    bus.publish(say.healthy(1));
    awaitHealthy(true);
  }

  /** Topics are read side by side, so what has to come first is waited for. */
  void awaitHealthy(boolean expected) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> query("select healthy from toolboxes where id = ?"),
            found -> found.equals(Optional.of(expected)));
  }

  private Optional<Object> query(String sql) throws SQLException {
    try (var connection = database.getConnection();
        var select = connection.prepareStatement(sql)) {
      select.setObject(1, say.toolbox);
      var rows = select.executeQuery();
      return rows.next() ? Optional.of(rows.getObject(1)) : Optional.empty();
    }
  }

  /** A tool that the agent has reported running in container c1. */
  void runningTool() {
    healthyToolbox();
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    var started = theEvent(ToolDeployStarted.class);
    bus.publish(
        say.report(1, started.manifestGeneration(), Samples.tool(search, "running", "c1", 1, 0)));
    theEvent(ToolDeployed.class);
  }

  <T extends ToolLifecycle> T theEvent(Class<T> type) {
    return theEvent(type, e -> e.toolInstanceId().equals(search));
  }

  /** Waits for the first event about this toolbox that is of that type and fits. */
  <T extends ToolLifecycle> T theEvent(Class<T> type, Predicate<T> fits) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                bus.events(Topics.TOOL_LIFECYCLE, say.toolbox, type).stream()
                    .filter(fits)
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  ToolStatusChanged status(ToolStatus status) {
    return theEvent(
        ToolStatusChanged.class, e -> e.toolInstanceId().equals(search) && e.status() == status);
  }

  List<ToolLifecycle> eventsOfThisToolbox() {
    return bus.events(Topics.TOOL_LIFECYCLE, say.toolbox, ToolLifecycle.class);
  }

  /** Lets time pass for one row. */
  void update(String sql, UUID id) throws SQLException {
    try (var connection = database.getConnection();
        var update = connection.prepareStatement(sql)) {
      update.setObject(1, id);
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
  }

  /** The newest that was published. */
  ToldManifest manifestOf(UUID toolbox) {
    return new ToldManifest(bus, toolbox);
  }
}
