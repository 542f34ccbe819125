package io.agentopia.toolbox.simulator.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as DigitalOcean writes them: UTC, whole seconds. */
final class Times {
  private Times() {}

  static String of(Instant at) {
    return at == null ? null : at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
