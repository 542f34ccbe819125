package io.agentopia.toolbox.health.verdict;

import java.time.Instant;

/**
 * One check's result.
 *
 * @param code stable, for example {@code heartbeat_missing}; {@code ok} where nothing is wrong
 * @param lookAgainAt when time alone can change the result, or null
 */
public record Finding(
    String check, Outcome outcome, String code, String detail, Instant lookAgainAt) {
  public enum Outcome {
    OK,
    /** Too early to say. */
    UNKNOWN,
    BAD
  }

  static Finding ok(String check, String detail, Instant lookAgainAt) {
    return new Finding(check, Outcome.OK, "ok", detail, lookAgainAt);
  }

  static Finding unknown(String check, String detail, Instant lookAgainAt) {
    return new Finding(check, Outcome.UNKNOWN, "unknown", detail, lookAgainAt);
  }

  static Finding bad(String check, String code, String detail) {
    return new Finding(check, Outcome.BAD, code, detail, null);
  }
}
