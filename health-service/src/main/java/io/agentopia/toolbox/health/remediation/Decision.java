package io.agentopia.toolbox.health.remediation;

import java.time.Instant;

/** What is to be done about an ailing droplet now. */
public sealed interface Decision {

  record Remediate(Rung rung) implements Decision {}

  record Wait(Instant until, String reason) implements Decision {}

  /** More ail than can be true: nothing of the fleet is touched, and people are told. */
  record ShortCircuit(Advice words) implements Decision {}

  /** No remedy helps this toolbox: a person has to look. */
  record GiveUp(Advice words) implements Decision {}
}
