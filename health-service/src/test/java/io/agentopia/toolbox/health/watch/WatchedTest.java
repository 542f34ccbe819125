package io.agentopia.toolbox.health.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.Metrics;
import io.agentopia.toolbox.events.Measurement;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows.HeardBeat;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Claim;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Heard;
import io.agentopia.toolbox.health.model.Stored;
import io.agentopia.toolbox.health.verdict.Finding;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.testing.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What one toolbox's beats make of what is in memory, and how far they count as stored. */
class WatchedTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private final UUID id = UUID.randomUUID();
  private final Watched toolbox = new Watched(id, NOON);

  @Test
  void figuresAreNoNewsButWhatTheAgentSaysOfItselfIs() {
    toolbox.read(row(1));
    hear(beat(1, "0.1.0", 3), 0);
    assertThat(toolbox.saysSomethingNew()).isTrue();
    toolbox.written();
    hear(beat(1, "0.1.0", 40), 10);
    assertThat(toolbox.saysSomethingNew()).isFalse();
    assertThat(toolbox.row().heartbeat().metrics().of(Measurement.DISK_PERCENT)).hasValue(40);
    hear(beat(1, "0.2.0", 40), 20);
    assertThat(toolbox.saysSomethingNew()).isTrue();
  }

  @Test
  void anotherFindingIsNews() {
    toolbox.read(row(1));
    hear(beat(1, "0.1.0", 3), 0);
    toolbox.findings = List.of(finding("ok"));
    toolbox.written();
    toolbox.findings = List.of(finding("ok"));
    assertThat(toolbox.saysSomethingNew()).isFalse();
    toolbox.findings = List.of(finding("disk_full"));
    assertThat(toolbox.saysSomethingNew()).isTrue();
  }

  @Test
  void aRowThatIsReadAgainKnowsTheNewestBeat() {
    toolbox.read(row(1));
    hear(beat(1, "0.2.0", 3), 0);
    toolbox.read(row(1));
    assertThat(toolbox.row().heartbeat().agentVersion()).isEqualTo("0.2.0");
    assertThat(toolbox.saysSomethingNew()).isTrue();
  }

  @Test
  void aRowThatCannotBeReadIsMendedByTheNextBeat() {
    var broken = row(1);
    broken.lastHeartbeat = "no json";
    toolbox.read(broken);
    hear(beat(1, "0.2.0", 3), 0);
    assertThat(toolbox.row().heartbeat().agentVersion()).isEqualTo("0.2.0");
    assertThat(toolbox.saysSomethingNew()).isTrue();
  }

  @Test
  void sinceWhenDockerIsLostIsKeptFromTheFirstBeatThatSaysSo() {
    toolbox.read(row(1));
    hear(withoutDocker(), 0);
    hear(withoutDocker(), 10);
    assertThat(toolbox.row().dockerLostAt).isEqualTo(NOON);
    hear(beat(1, "0.1.0", 3), 20);
    assertThat(toolbox.row().dockerLostAt).isNull();
  }

  @Test
  void anEarlierOwnersWordHoldsUntilSomethingNewerIsHeard() {
    toolbox.heardBefore(new Heard(id, 1, NOON.plusSeconds(5)), NOON.plusSeconds(35));
    assertThat(toolbox.hasNews).isFalse();
    var row = row(1);
    row.lastHeartbeatAt = NOON;
    toolbox.read(row);
    assertThat(toolbox.heardAt(row)).isEqualTo(NOON.plusSeconds(5));
    hear(beat(1, "0.1.0", 3), 9);
    assertThat(toolbox.heardAt(row)).isEqualTo(NOON.plusSeconds(9));
    assertThat(toolbox.heard()).isEqualTo(new Heard(id, 1, NOON.plusSeconds(9)));
  }

  @Test
  void beatsOfADropletThatNoRowKnowsAreReadAgainByASuccessor() {
    var partitions = new Partitions();
    partitions.assign(1, Map.of(0, 0L));
    var part = partitions.toTakeOver(NOON).getFirst();
    partitions.takenOver(part, new Claim(0, 1), new HeartbeatTopic.Begin(10, 10), List.of());
    var memory = new Memory(partitions);
    memory.hear(new HeardBeat(beat(2, "0.1.0", 3), NOON), part, NOON);
    assertThat(memory.storedTo(part, 20)).as("not looked at yet").isEqualTo(10);
    var known = memory.of(id, NOON);
    known.read(row(1));
    known.hasNews = false;
    assertThat(memory.storedTo(part, 20)).as("early").isEqualTo(10);
    known.read(row(2));
    assertThat(memory.storedTo(part, 20)).as("in its row").isEqualTo(20);
  }

  private void hear(AgentHeartbeat beat, long second) {
    toolbox.hear(new HeardBeat(beat, NOON.plusSeconds(second)), 0);
  }

  private HealthRow row(long generation) {
    var row = new HealthRow();
    row.toolboxId = id;
    row.generation = generation;
    row.health(new Healthy(NOON), NOON);
    row.findings = Stored.json(List.of());
    return row;
  }

  private static Finding finding(String code) {
    return new Finding("disk", Finding.Outcome.OK, code, "how full it is", null);
  }

  private AgentHeartbeat withoutDocker() {
    return beat(1, "0.1.0", 3, false);
  }

  private AgentHeartbeat beat(long generation, String version, double disk) {
    return beat(generation, version, disk, true);
  }

  private AgentHeartbeat beat(long generation, String version, double disk, boolean docker) {
    return Sample.of(
        AgentHeartbeat.class,
        new Subject(id, "acct-1", generation, 1),
        "agentVersion",
        version,
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
        null,
        "upgrade",
        null,
        "unfit",
        List.of());
  }
}
