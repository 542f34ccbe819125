package io.agentopia.toolbox.health.verdict;

import java.time.Duration;

/**
 * Toolboxes that fell silent together. A few may; more than can be true have one cause that is not
 * theirs: a network, a region, a name that does not resolve. Pure.
 *
 * @param watched all that could be heard here
 * @param silent those of them that are silent, or were found to be a moment ago
 */
public record CommonSilence(int watched, int silent) {

  /**
   * @param most so many together may be true, however few are watched
   * @param share or one of so many, where that is more
   * @param window for so long verdicts are held back; and so long after one it still counts
   */
  public record Limits(int most, int share, Duration window) {}

  public boolean isTooMuch(Limits limits) {
    return silent > Math.max(limits.most(), watched / limits.share());
  }
}
