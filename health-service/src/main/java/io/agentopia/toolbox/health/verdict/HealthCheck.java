package io.agentopia.toolbox.health.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A named question about a toolbox. Pure: signals, thresholds and time in, a finding out. */
public interface HealthCheck {
  Finding look(Signals signals, Thresholds thresholds, Instant now);

  /** All of them; the first bad one names the trouble. */
  List<HealthCheck> ALL = List.of(HealthCheck::heartbeat, HealthCheck::docker, HealthCheck::disk);

  private static Finding heartbeat(Signals signals, Thresholds thresholds, Instant now) {
    var name = "heartbeat";
    var beat = signals.beat();
    var since =
        beat == null || beat.at().isBefore(signals.watchedSince())
            ? signals.watchedSince()
            : beat.at();
    var due = since.plus(thresholds.silence());
    if (now.isBefore(due)) {
      return beat == null
          ? Finding.unknown(name, "no heartbeat yet", due)
          : Finding.ok(name, "last heartbeat " + seconds(beat.at(), now) + " s ago", due);
    }
    return Finding.bad(
        name,
        "heartbeat_missing",
        (beat == null
                ? "no heartbeat ever"
                : "last heartbeat " + seconds(beat.at(), now) + " s ago")
            + "; the agent or its droplet is down, or its network is");
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

  private static Finding disk(Signals signals, Thresholds thresholds, Instant now) {
    var name = "disk";
    if (signals.beat() == null) {
      return Finding.unknown(name, "no heartbeat yet", null);
    }
    var detail = "the disk is " + Math.round(signals.beat().diskPercent()) + " % full";
    return signals.beat().diskPercent() > thresholds.diskPercent()
        ? Finding.bad(name, "disk_full", detail)
        : Finding.ok(name, detail, null);
  }

  private static long seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toSeconds());
  }
}
