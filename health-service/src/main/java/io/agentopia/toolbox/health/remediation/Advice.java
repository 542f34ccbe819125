package io.agentopia.toolbox.health.remediation;

import java.time.Duration;

/** What people are told: one sentence, and what to do next. */
public record Advice(String summary, String action) {

  static String of(Duration time) {
    if (time.toMinutes() == 0) {
      return time.toSeconds() + " s";
    }
    return time.toMinutesPart() == 0 ? time.toHours() + " h" : time.toMinutes() + " min";
  }
}
