package io.agentopia.toolbox.deployer.toolbox;

import java.time.Instant;

/**
 * The last applied event of each writer; what is not newer changes nothing.
 *
 * @param lifecycle sequence of the provisioner's last event
 * @param health sequence of the health service's last event
 * @param report sequence of the last agent report, 0 where the agents' edge keeps no count
 * @param reportedAt when the agent made that report, UTC, or null before the first
 */
public record Fences(long lifecycle, long health, long report, Instant reportedAt) {
  static final Fences NONE = new Fences(0, 0, 0, null);

  boolean stopsLifecycle(long sequence) {
    return isOld(sequence, lifecycle);
  }

  boolean stopsHealth(long sequence) {
    return isOld(sequence, health);
  }

  /** By the writer's count where there is one, else by the agent's clock. */
  boolean stopsReport(long sequence, Instant observedAt) {
    if (sequence > 0 && report > 0) {
      return sequence <= report;
    }
    return reportedAt != null && observedAt.isBefore(reportedAt);
  }

  Fences afterLifecycle(long sequence) {
    return new Fences(Math.max(lifecycle, sequence), health, report, reportedAt);
  }

  Fences afterHealth(long sequence) {
    return new Fences(lifecycle, Math.max(health, sequence), report, reportedAt);
  }

  Fences afterReport(long sequence, Instant observedAt) {
    return new Fences(lifecycle, health, sequence, observedAt);
  }

  /** A new droplet's agent has a clock and a count of its own. */
  Fences forNewDroplet() {
    return new Fences(lifecycle, health, 0, null);
  }

  /** 0 is no count, so it cannot be old. */
  private static boolean isOld(long sequence, long last) {
    return sequence > 0 && sequence <= last;
  }
}
