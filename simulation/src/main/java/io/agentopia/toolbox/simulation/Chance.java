package io.agentopia.toolbox.simulation;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The one source of chance of a world. Worlds differ in how bad things get. Faults have a switch of
 * their own: when it is off, the world comes to rest, and what has to hold at rest can be looked
 * at.
 */
final class Chance {
  private final SplittableRandom random;
  private static final double[] SEVERITIES = {0.3, 1, 1, 1, 2, 2, 4};
  private static final double MOST_PERCENT = 60;

  private final double severity;
  private boolean faults = true;

  Chance(long seed) {
    random = new SplittableRandom(seed);
    severity = SEVERITIES[random.nextInt(SEVERITIES.length)];
  }

  void stopFaults() {
    faults = false;
  }

  boolean hasFaults() {
    return faults;
  }

  /** The same chance, for code of ours that wants one. */
  RandomGenerator generator() {
    return random;
  }

  /** Of ordinary life. */
  boolean percent(double percent) {
    return random.nextDouble(100) < percent;
  }

  /** Of something that goes wrong in an ordinary world; never once faults have ended. */
  boolean fault(double percent) {
    return faults && random.nextDouble(100) < Math.min(percent * severity, MOST_PERCENT);
  }

  /** Both ends included. */
  long between(long low, long high) {
    return low + random.nextLong(high - low + 1);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  double fraction() {
    return random.nextDouble();
  }
}
