package io.agentopia.toolbox.health.remediation;

import java.time.Instant;

/**
 * What is to be done about a lost droplet now. Recreating is the only remedy so far; milder ones,
 * for droplets that are not lost, will stand beside it.
 */
public sealed interface Decision {

  /** Recreate it. */
  record Remedy() implements Decision {}

  record Wait(Instant until, String reason) implements Decision {}

  /** More are lost than can be true: nothing of the fleet is touched, and people are told. */
  record Hold(Words words) implements Decision {}

  /** Recreating does not help this toolbox: a person has to look. */
  record GiveUp(Words words) implements Decision {}
}
