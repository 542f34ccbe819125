package io.agentopia.toolbox.health.verdict;

/**
 * Toolboxes that fell silent together. A few may; more than can be true have one cause that is not
 * theirs: a network, a region, a name that does not resolve. Pure.
 *
 * @param watched all that could be heard here
 * @param silent those of them that are silent, or were found to be a moment ago
 */
public record CommonSilence(int watched, int silent) {

  public boolean isTooMuch(Limit limit) {
    return limit.isExceeded(silent, watched);
  }
}
