package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.events.HealthReason;

/** What ails a droplet. */
public sealed interface Ailment {

  /** As it is told and stored. */
  HealthReason reason();

  static Ailment of(HealthReason reason) {
    return reason.equals(HealthReason.DROPLET_LOST) ? new Lost() : new Sick(reason);
  }

  /** The cloud does not know it any more. */
  record Lost() implements Ailment {
    @Override
    public HealthReason reason() {
      return HealthReason.DROPLET_LOST;
    }
  }

  /** It is there, and a check found it degraded. */
  record Sick(HealthReason reason) implements Ailment {}
}
