package io.agentopia.toolbox.events;

import java.time.Duration;

/** Durations as people say them: in the largest of hours, minutes and seconds that loses none. */
public final class HumanDuration {
  private HumanDuration() {}

  /**
   * @return such as {@code 2 h}, {@code 90 s} or {@code 10 min}; fractions of a second are cut off
   */
  public static String words(Duration duration) {
    var seconds = duration.toSeconds();
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + " s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + " h" : seconds / 60 + " min";
  }
}
