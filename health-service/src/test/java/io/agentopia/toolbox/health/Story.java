package io.agentopia.toolbox.health;

import static io.restassured.RestAssured.given;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.AgentEvent.Metrics;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Measurement;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.Sample;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One toolbox, as its provisioner and its agent tell of it, and what is said of its health. */
class Story {
  final UUID id = UUID.randomUUID();
  final TestBus bus = TestBus.get();
  private long beats;

  void ready(long generation, long sequence) {
    bus.publish(
        Told.dropletReady(
            new Subject(id, "acct-1", generation, sequence),
            ToolboxStatus.AWAITING_HEARTBEAT,
            7,
            "203.0.113.1",
            30000));
  }

  void beat(long generation) {
    bus.publish(heartbeat(generation, true));
  }

  void beatWithoutDocker(long generation) {
    bus.publish(heartbeat(generation, false));
  }

  AgentHeartbeat heartbeat(long generation, boolean docker) {
    return heartbeat(generation, docker, 3, null, null);
  }

  AgentHeartbeat heartbeat(
      long generation, boolean docker, double disk, String image, AgentUpgrade upgrade) {
    return Sample.of(
        AgentHeartbeat.class,
        new Subject(id, "acct-1", generation, ++beats),
        "agentVersion",
        "0.1.0",
        "bootId",
        "boot",
        "uptimeSeconds",
        5,
        "appliedManifestGeneration",
        0,
        "dockerReachable",
        docker,
        "dockerVersion",
        "28",
        "dockerStore",
        "classic",
        "metrics",
        new Metrics(
            Map.of(
                Measurement.CPU_PERCENT,
                1,
                Measurement.MEMORY_PERCENT,
                2,
                Measurement.DISK_PERCENT,
                disk,
                Measurement.MEMORY_TOTAL_BYTES,
                1L << 30,
                Measurement.DISK_TOTAL_BYTES,
                1L << 34,
                Measurement.DOCKER_CONTAINERS,
                0)),
        "tools",
        List.of(),
        "agentImage",
        image,
        "upgrade",
        upgrade,
        "unfit",
        List.of());
  }

  <T> T document(String field) {
    return given()
        .header("Authorization", "Bearer internal-test-key")
        .get("/internal/toolboxes/" + id + "/health")
        .jsonPath()
        .get(field);
  }

  List<DtmaHealthy> healthy() {
    return events(DtmaHealthy.class);
  }

  <E extends Event> List<E> events(Class<E> type) {
    return bus.events(Topics.TOOLBOX_HEALTH, id, type);
  }

  List<Event> events() {
    return bus.events(Topics.TOOLBOX_HEALTH, id);
  }
}
