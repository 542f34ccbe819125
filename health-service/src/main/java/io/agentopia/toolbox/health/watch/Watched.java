package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows.HeardBeat;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Heard;
import io.agentopia.toolbox.health.verdict.Finding;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What the instance that hears a toolbox knows of it: its row as it was read last, brought up to
 * date by the beats heard since. Not for more than one thread.
 */
final class Watched {
  final UUID id;
  final Instant knownSince;

  /** Null: not read yet, or there is none. */
  private HealthRow row;

  private HeardBeat newest;

  /** By an earlier owner of the partition, or null. */
  private Heard before;

  /** What is stored of it, so that only news is written. */
  private Said stored;

  private List<String> storedFindings = List.of();

  /** Up to where the partition's beats were stored when the first of the early ones came. */
  private Long earlyFrom;

  /** When time alone can change the verdict; null: never. */
  Instant lookAt;

  /** Something came in that was not looked at yet. */
  boolean hasNews = true;

  /** As they were found last. */
  List<Finding> findings = List.of();

  Watched(UUID id, Instant knownSince) {
    this.id = id;
    this.knownSince = knownSince;
  }

  /** What of a beat is written at once when it changes; the rest are figures. */
  private record Said(
      String agentVersion,
      String agentImage,
      AgentUpgrade upgrade,
      String bootId,
      boolean dockerReachable,
      String dockerVersion,
      String dockerStore,
      long appliedManifestGeneration) {
    static Said of(AgentHeartbeat beat) {
      return beat == null
          ? null
          : new Said(
              beat.agentVersion(),
              beat.agentImage(),
              beat.upgrade(),
              beat.bootId(),
              beat.dockerReachable(),
              beat.dockerVersion(),
              beat.dockerStore(),
              beat.appliedManifestGeneration());
    }
  }

  HealthRow row() {
    return row;
  }

  /**
   * @param storedTo up to where the partition's beats are stored
   */
  void hear(HeardBeat beat, long storedTo) {
    newest = newest == null ? beat : HeartbeatBuffer.newer(newest, beat);
    hasNews = true;
    if (row != null) {
      tell(row);
    }
    if (isEarly() && earlyFrom == null) {
      earlyFrom = storedTo;
    }
  }

  void heardBefore(Heard heard, Instant lookAt) {
    before = heard;
    this.lookAt = lookAt;
    hasNews = false;
  }

  /** The row was read or written just now; null: there is none. */
  void read(HealthRow fresh) {
    row = fresh;
    stored = null;
    storedFindings = List.of();
    if (fresh == null) {
      return;
    }
    if (!isEarly()) {
      earlyFrom = null;
    }
    try {
      stored = Said.of(fresh.heartbeat());
      storedFindings = codes(fresh.findings());
    } catch (IllegalStateException e) {
      stored = null; // what cannot be read is written anew, by the next beat at the latest
    }
    tell(fresh);
  }

  /** The row was written as it is in memory. */
  void written() {
    stored = Said.of(row.heartbeat());
    storedFindings = codes(findings);
  }

  /** The row is to be read again before anything is made of it. */
  void doubt() {
    row = null;
    hasNews = true;
  }

  /** Brings a row up to what was heard. */
  void tell(HealthRow row) {
    if (newest != null) {
      row.hear(newest.heartbeat(), newest.at());
    }
  }

  boolean saysSomethingNew() {
    return !Objects.equals(stored, Said.of(row.heartbeat()))
        || !storedFindings.equals(codes(findings));
  }

  private static List<String> codes(List<Finding> findings) {
    return findings.stream().map(f -> f.check() + "=" + f.code()).toList();
  }

  /** Its newest beat is of a droplet that no row knows yet. */
  boolean isEarly() {
    return newest != null && (row == null || row.generation < newest.heartbeat().generation());
  }

  /** Its early beats stand behind this offset and nowhere else; null: not known. */
  Long earlyFrom() {
    return earlyFrom;
  }

  boolean isHealthy() {
    return row != null && row.health() instanceof Healthy;
  }

  /** When the row's droplet was heard last, or null. */
  Instant heardAt(HealthRow row) {
    return before == null
        ? row.lastHeartbeatAt
        : LastHeard.later(row.lastHeartbeatAt, before, row.generation);
  }

  /** When its newest droplet that ever was heard was heard last, or null. */
  Heard heard() {
    if (newest != null && !isBeforeNewer()) {
      return new Heard(id, newest.heartbeat().generation(), newest.at());
    }
    if (before != null) {
      return before;
    }
    return row == null || row.lastHeartbeatAt == null
        ? null
        : new Heard(id, row.generation, row.lastHeartbeatAt);
  }

  private boolean isBeforeNewer() {
    var beat = newest.heartbeat();
    return before != null
        && (before.generation() > beat.generation()
            || before.generation() == beat.generation() && before.at().isAfter(newest.at()));
  }

  /** The beat of that time, if it was heard here, else null. */
  AgentHeartbeat heartbeat() {
    return newest == null || isBeforeNewer() ? null : newest.heartbeat();
  }

  boolean isHeardSince(Instant time) {
    var heard = heard();
    return !knownSince.isBefore(time) || heard != null && !heard.at().isBefore(time);
  }
}
