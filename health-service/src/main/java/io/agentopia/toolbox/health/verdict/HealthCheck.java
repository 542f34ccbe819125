package io.agentopia.toolbox.health.verdict;

import io.agentopia.toolbox.events.Measurement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A named question about a toolbox. Pure: signals, thresholds and time in, a finding out. */
public interface HealthCheck {
  Finding look(Signals signals, Thresholds thresholds, Instant now);

  /** All of them; the first bad one names the trouble. */
  List<HealthCheck> ALL =
      List.of(
          HealthCheck::heartbeat,
          HealthCheck::docker,
          new Usage("disk", Measurement.DISK_PERCENT, "disk_full", "the disk", 95),
          HealthCheck::words);

  /**
   * A threshold for a check that there is not would be set in vain.
   *
   * @throws IllegalArgumentException naming those that there are
   */
  static void refuseUnknown(Set<String> names) {
    var known =
        ALL.stream()
            .filter(Usage.class::isInstance)
            .map(check -> ((Usage) check).name())
            .collect(Collectors.toCollection(TreeSet::new));
    if (!known.containsAll(names)) {
      throw new IllegalArgumentException(
          "health.most names " + names + "; the checks that have it are " + known);
    }
  }

  /**
   * An old heartbeat is no sign of life while nobody could have heard a newer one: neither well nor
   * bad, or a restart of this service would make silent toolboxes recover.
   */
  private static Finding heartbeat(Signals signals, Thresholds thresholds, Instant now) {
    var name = "heartbeat";
    var beat = signals.beat();
    var last =
        beat == null ? "no heartbeat yet" : "last heartbeat " + seconds(beat.at(), now) + " s ago";
    if (beat != null && now.isBefore(beat.at().plus(thresholds.silence()))) {
      return Finding.ok(name, last, beat.at().plus(thresholds.silence()));
    }
    var graceEnds = signals.watchedSince().plus(thresholds.silence());
    return now.isBefore(graceEnds)
        ? Finding.unknown(name, last, graceEnds)
        : Finding.bad(
            name,
            "heartbeat_missing",
            last + "; the agent or its droplet is down, or its network is");
  }

  private static Finding docker(Signals signals, Thresholds thresholds, Instant now) {
    var name = "docker";
    if (signals.beat() == null) {
      return Finding.unknown(name, "no heartbeat yet", null);
    }
    if (signals.dockerLostAt() == null) {
      return Finding.ok(name, "Docker answers", null);
    }
    var due = signals.dockerLostAt().plus(thresholds.dockerLost());
    var detail = "Docker has not answered for " + seconds(signals.dockerLostAt(), now) + " s";
    return now.isBefore(due)
        ? Finding.ok(name, detail, due)
        : Finding.bad(name, "docker_unreachable", detail);
  }

  /** No reason to act, but one to look at that agent: an agent of ours says nothing that is cut. */
  private static Finding words(Signals signals, Thresholds thresholds, Instant now) {
    var name = "words";
    if (signals.beat() == null) {
      return Finding.unknown(name, "no heartbeat yet", null);
    }
    var unfit = signals.beat().unfit();
    return Finding.ok(
        name,
        unfit.isEmpty()
            ? "what the agent says fits its protocol"
            : "the agent says what does not fit its protocol and was cut or left out: "
                + String.join(", ", unfit),
        null);
  }

  private static long seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toSeconds());
  }
}
