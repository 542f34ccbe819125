package io.agentopia.toolbox.health.verdict;

/**
 * How many of a fleet may be in the same trouble together before it cannot be true.
 *
 * @param most so many may, however few there are
 * @param share or one of so many, where that is more
 */
public record Limit(int most, int share) {

  public boolean isExceeded(int count, int of) {
    return count > Math.max(most, of / share);
  }
}
