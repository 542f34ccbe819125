package io.agentopia.toolbox.local.process;

import java.time.Duration;

/** How long to wait before a process that died is started again: doubles from first to longest. */
public record Backoff(Duration first, Duration longest) {
  public static final Backoff USUAL = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
  private static final int MOST_DOUBLINGS = 30;

  /**
   * @param deaths in a row, this one included; at least 1
   */
  public Duration pause(int deaths) {
    var pause = first.multipliedBy(1L << Math.min(deaths - 1, MOST_DOUBLINGS));
    return pause.compareTo(longest) > 0 ? longest : pause;
  }
}
