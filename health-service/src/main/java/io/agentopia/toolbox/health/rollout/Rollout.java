package io.agentopia.toolbox.health.rollout;

import io.agentopia.toolbox.health.rollout.Change.Becomes;
import io.agentopia.toolbox.health.rollout.Change.Refused;
import io.agentopia.toolbox.health.rollout.Change.Stays;
import io.agentopia.toolbox.health.rollout.Fact.Counted;
import io.agentopia.toolbox.health.rollout.Fact.HaltAsked;
import io.agentopia.toolbox.health.rollout.Fact.ResumeAsked;
import io.agentopia.toolbox.health.rollout.Fact.RollbackAsked;

/**
 * Where a rollout of an agent's image stands. It goes forward only on proof, and back by itself:
 * nobody has to be awake for it.
 */
public sealed interface Rollout {
  /** So many canaries may fail without taking the image back by that alone. */
  int ONES_WORD = 1;

  /** Wire and column name. */
  String name();

  /** A few toolboxes try the image; all others are left alone. */
  record Canary() implements Rollout {
    @Override
    public String name() {
      return "canary";
    }
  }

  /** The others follow, so many at a time. */
  record Rolling() implements Rollout {
    @Override
    public String name() {
      return "rolling";
    }
  }

  /**
   * Held by an operator: nobody else is asked. Those under way come to their end.
   *
   * @param resumes where it goes on
   */
  record Halted(Rollout resumes) implements Rollout {
    @Override
    public String name() {
      return "halted";
    }
  }

  /** Its image is the fleet's, and what comes later is asked too. */
  record Complete() implements Rollout {
    @Override
    public String name() {
      return "complete";
    }
  }

  /** Everybody who was asked goes back to the image they came from. */
  record RollingBack() implements Rollout {
    @Override
    public String name() {
      return "rolling_back";
    }
  }

  record RolledBack() implements Rollout {
    @Override
    public String name() {
      return "rolled_back";
    }
  }

  default Change after(Fact fact) {
    return switch (this) {
      case Canary s ->
          switch (fact) {
            case Counted f -> canaries(f.tally(), f.settings());
            case HaltAsked f -> new Becomes(new Halted(s), f.why());
            case ResumeAsked f -> new Refused("it is not halted");
            case RollbackAsked f -> new Becomes(new RollingBack(), f.why());
          };
      case Rolling s ->
          switch (fact) {
            case Counted f -> wave(f.tally(), f.settings());
            case HaltAsked f -> new Becomes(new Halted(s), f.why());
            case ResumeAsked f -> new Refused("it is not halted");
            case RollbackAsked f -> new Becomes(new RollingBack(), f.why());
          };
      case Halted s ->
          switch (fact) {
            case Counted f -> new Stays(); // judged when it is resumed
            case HaltAsked f -> new Refused("it is halted already");
            case ResumeAsked f -> new Becomes(s.resumes(), f.why());
            case RollbackAsked f -> new Becomes(new RollingBack(), f.why());
          };
      case Complete s ->
          switch (fact) {
            case Counted f -> new Stays();
            case HaltAsked f -> new Refused("it is complete");
            case ResumeAsked f -> new Refused("it is complete");
            case RollbackAsked f ->
                f.isTarget()
                    ? new Becomes(new RollingBack(), f.why())
                    : new Refused("a later rollout has taken its place");
          };
      case RollingBack s ->
          switch (fact) {
            case Counted f -> back(f.tally());
            case HaltAsked f -> new Refused("it is rolling back");
            case ResumeAsked f -> new Refused("it is rolling back");
            case RollbackAsked f -> new Refused("it is rolling back already");
          };
      case RolledBack s ->
          switch (fact) {
            case Counted f -> new Stays();
            case HaltAsked f -> new Refused("it was rolled back");
            case ResumeAsked f -> new Refused("it was rolled back");
            case RollbackAsked f -> new Refused("it was rolled back already");
          };
    };
  }

  /** How many more toolboxes may be asked now. */
  default int mayAsk(Tally tally, Settings settings) {
    return switch (this) {
      case Canary s ->
          tally.canaries().failed() > ONES_WORD
              ? 0
              : wanted(tally, settings) - tally.canaries().holding();
      case Rolling s -> settings.atOnce() - tally.inMotion();
      case Complete s -> settings.atOnce() - tally.inMotion();
      case Halted s -> 0;
      case RollingBack s -> 0;
      case RolledBack s -> 0;
    };
  }

  /**
   * Each canary is of another account, and one account's word is nobody else's: where one failed,
   * two others have to prove the image, and a second failure takes it back. Accounts fewer than the
   * canaries wanted prove it by as many as there are, but never by none: an image that nobody has
   * run is no target.
   */
  private static Change canaries(Tally tally, Settings settings) {
    var canaries = tally.canaries();
    var isAllThatCanBe = tally.inMotion() == 0 && !tally.isAnotherAccountWaiting();
    var isProved =
        canaries.proved() >= wanted(tally, settings)
            || isAllThatCanBe && canaries.proved() > canaries.failed();
    if (canaries.failed() > ONES_WORD || canaries.failed() > 0 && isAllThatCanBe && !isProved) {
      return new Becomes(
          new RollingBack(),
          canaries.failed()
              + " of "
              + (canaries.failed() + canaries.holding())
              + " canaries failed");
    }
    return isProved
        ? new Becomes(new Rolling(), canaries.proved() + " canaries are proved")
        : new Stays();
  }

  private static int wanted(Tally tally, Settings settings) {
    return Math.max(settings.canaries(), tally.canaries().failed() + 1);
  }

  private static Change wave(Tally tally, Settings settings) {
    var failed = tally.others().failed();
    if (failed > settings.maxFailures()) {
      return new Becomes(
          new RollingBack(), failed + " toolboxes failed, and " + settings.maxFailures() + " may");
    }
    return tally.inMotion() == 0 && !tally.isSomebodyWaiting()
        ? new Becomes(new Complete(), "everybody has moved; " + failed + " failed")
        : new Stays();
  }

  private static Change back(Tally tally) {
    return tally.isBack()
        ? new Becomes(new RolledBack(), "nobody is left on the way back")
        : new Stays();
  }
}
