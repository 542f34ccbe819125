package io.agentopia.toolbox.simulator.boot;

import java.time.Duration;

/**
 * When an agent that ended is started again: as systemd's Restart=always with RestartSec, doubling
 * while it keeps ending soon.
 */
record RestartPolicy(Duration first, Duration cap) {
  private static final Duration SOUND = Duration.ofSeconds(30);

  /**
   * @param last the pause before the run that just ended; zero if there was none
   * @param ran how long it ran
   */
  Duration pauseAfter(Duration last, Duration ran) {
    if (last.isZero() || ran.compareTo(SOUND) >= 0) {
      return first;
    }
    var doubled = last.multipliedBy(2);
    return doubled.compareTo(cap) > 0 ? cap : doubled;
  }
}
