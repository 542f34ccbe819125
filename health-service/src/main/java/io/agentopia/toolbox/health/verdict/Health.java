package io.agentopia.toolbox.health.verdict;

import io.agentopia.toolbox.events.HealthReason;
import java.time.Instant;

/** Where a watched toolbox stands. */
public sealed interface Health {

  /** Wire and column name. */
  String name();

  /** Its droplet is not ready, or it is being deleted: silence means nothing. */
  record Unwatched() implements Health {
    @Override
    public String name() {
      return "unknown";
    }
  }

  /** The droplet is ready; its agent has not been found healthy yet. */
  record Starting(Instant since) implements Health {
    @Override
    public String name() {
      return "starting";
    }
  }

  record Healthy(Instant since) implements Health {
    @Override
    public String name() {
      return "healthy";
    }
  }

  record Degraded(Instant since, HealthReason reason, String message) implements Health {
    @Override
    public String name() {
      return "degraded";
    }
  }

  /**
   * What a verdict makes of it. A starting toolbox is not degraded: its provisioner has a deadline
   * for that.
   */
  default Health after(Verdict verdict, Instant now) {
    return switch (this) {
      case Unwatched h -> h;
      case Starting h -> verdict.isHealthy() ? new Healthy(now) : h;
      case Healthy h ->
          verdict
              .trouble()
              .<Health>map(t -> new Degraded(now, new HealthReason(t.code()), t.detail()))
              .orElse(h);
      case Degraded h -> verdict.isHealthy() ? new Healthy(now) : h;
    };
  }
}
