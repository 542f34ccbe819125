package io.agentopia.toolbox.agent.loop;

import java.time.Duration;

/** Attempts at one thing: how many failed in a row, and how long to pause before the next. */
public final class Retries {
  private final Timing timing;
  private int failures;

  public Retries(Timing timing) {
    this.timing = timing;
  }

  public int failures() {
    return failures;
  }

  /** True when attempts had failed before: it works again. */
  public boolean succeeded() {
    var again = failures > 0;
    failures = 0;
    return again;
  }

  public Duration failed(Backoff pauses) {
    return failed(pauses, null);
  }

  /**
   * @param retryAfter what the other side asked for, or null
   */
  public Duration failed(Backoff pauses, Duration retryAfter) {
    return pauses.after(++failures, timing.random().getAsDouble(), retryAfter);
  }
}
