package io.agentopia.toolbox.health.rollout;

/**
 * How many members stand where.
 *
 * @param isSomebodyWaiting a healthy toolbox runs from another image and was not asked yet
 * @param isAnotherAccountWaiting one of them is of an account that has no canary
 */
public record Tally(
    Count canaries, Count others, boolean isSomebodyWaiting, boolean isAnotherAccountWaiting) {

  public record Count(int requested, int moved, int proved, int failed, int returning) {
    public static final Count NONE = new Count(0, 0, 0, 0, 0);

    /** Those that can still prove it, or have. */
    int holding() {
      return requested + moved + proved;
    }

    boolean isBack() {
      return holding() + failed + returning == 0;
    }
  }

  /** Those that bake count: a wave is over when it is proved. */
  public int inMotion() {
    return canaries.requested + canaries.moved + others.requested + others.moved;
  }

  boolean isBack() {
    return canaries.isBack() && others.isBack();
  }
}
