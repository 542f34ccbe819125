package io.agentopia.toolbox.provisioner.cloud.budget;

/**
 * What the cloud allows one token. Two limits, one bucket: with a burst of {@code perMinute - r}
 * and {@code r} more each minute, no minute sees more than {@code perMinute} calls and no hour more
 * than {@code perHour}.
 */
public record Limits(int perHour, int perMinute) {
  /** The share of the burst that watching leaves to creating and deleting. */
  private static final double RESERVE = 0.2;

  public Limits {
    if (perMinute < 1 || perHour <= perMinute) {
      throw new IllegalArgumentException(
          "the cloud's limits must be at least 1 call a minute, and more in an hour than in a minute:"
              + " found "
              + perHour
              + " an hour, "
              + perMinute
              + " a minute");
    }
  }

  double burst() {
    return perMinute - refill();
  }

  double perSecond() {
    return refill() / 60;
  }

  /** Calls of any minute that only creating and deleting may use. */
  public double reserve() {
    return Math.floor(burst() * RESERVE);
  }

  double reserveAgainst(Priority priority) {
    return priority == Priority.WATCH ? reserve() : 0;
  }

  /**
   * A minute: burst + r; an hour: burst + 60 r. Half of the limit at most, or nothing could burst.
   */
  private double refill() {
    return Math.min((perHour - perMinute) / 59.0, perMinute / 2.0);
  }
}
