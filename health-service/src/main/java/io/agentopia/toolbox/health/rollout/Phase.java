package io.agentopia.toolbox.health.rollout;

import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Where one member of a rollout stands. Who was never asked is no member. What the heartbeats say
 * goes before the clock: a move that was made in time is not late because nobody looked.
 */
public sealed interface Phase {

  /** Wire and column name. */
  String name();

  Instant since();

  /**
   * Asked to move.
   *
   * @param failedBefore its heartbeats still told of an earlier failure with this image when it was
   *     asked: not news until they have said anything else
   */
  record Requested(Instant since, boolean failedBefore) implements Phase {
    @Override
    public String name() {
      return "requested";
    }

    private Phase next(AgentObservation seen, Move move, Instant now) {
      if (seen.runs(move.to()) && seen.health() instanceof Healthy h) {
        return new Moved(seen.heartbeatAt(), h.since());
      }
      if (seen.hasFailed(move.to()) && !failedBefore) {
        return new Failed(now, "it could not move: " + seen.upgrade().reason());
      }
      if (move.isOverdue(since, now)) {
        return new Failed(now, "it had not moved after " + move.deadline().toSeconds() + " s");
      }
      return failedBefore && !seen.hasFailed(move.to()) ? new Requested(since, false) : this;
    }
  }

  /**
   * Runs from the image, and has to stay healthy.
   *
   * @param since when the heartbeat was heard that said so
   * @param healthySince another value later tells of trouble in between
   */
  record Moved(Instant since, Instant healthySince) implements Phase {
    @Override
    public String name() {
      return "moved";
    }

    private Phase next(AgentObservation seen, Move move, Instant now) {
      if (seen.health() instanceof Degraded d) {
        return move.mayBeLost(d, now)
            ? this
            : new Failed(now, "it became degraded with it: " + d.reason() + ": " + d.message());
      }
      if (!seen.runs(move.to())) {
        return new Failed(
            now,
            "it runs from another image again"
                + (seen.hasFailed(move.to()) ? ": " + seen.upgrade().reason() : ""));
      }
      if (!(seen.health() instanceof Healthy h)) {
        return this;
      }
      if (!h.since().equals(healthySince)) {
        return new Failed(now, "it was degraded with it for a while");
      }
      return seen.isHeardAtOrAfter(since.plus(move.bake())) ? new Proved(now) : this;
    }
  }

  record Proved(Instant since) implements Phase {
    @Override
    public String name() {
      return "proved";
    }
  }

  /** It is asked to go back with that, whatever becomes of the others. */
  record Failed(Instant since, String reason) implements Phase {
    @Override
    public String name() {
      return "failed";
    }
  }

  /** Says nothing for or against the image. */
  record LeftOut(Instant since, String reason) implements Phase {
    @Override
    public String name() {
      return "left_out";
    }
  }

  /** Asked to go back to the image it came from. */
  record Returning(Instant since) implements Phase {
    @Override
    public String name() {
      return "returning";
    }

    private Phase next(AgentObservation seen, Move move, Instant now) {
      if (seen.runs(move.from()) && seen.isHeardAtOrAfter(since) && !seen.isUnderWay()) {
        return new Returned(now);
      }
      // Still wanted to return, but a rollout that can never end would let no other begin.
      return move.isOverdue(since, now)
          ? new LeftOut(now, "it had not returned after " + move.deadline().toSeconds() + " s")
          : this;
    }
  }

  record Returned(Instant since) implements Phase {
    @Override
    public String name() {
      return "returned";
    }
  }

  /**
   * @return this very object when nothing changes
   */
  default Phase after(AgentObservation seen, Move move, Instant now) {
    return switch (this) {
      case Requested p -> whileThere(seen, move, now, () -> p.next(seen, move, now));
      case Moved p -> whileThere(seen, move, now, () -> p.next(seen, move, now));
      case Returning p -> whileThere(seen, move, now, () -> p.next(seen, move, now));
      case Proved p -> p;
      case Failed p -> p;
      case LeftOut p -> p;
      case Returned p -> p;
    };
  }

  private static Phase whileThere(
      AgentObservation seen, Move move, Instant now, Supplier<Phase> next) {
    return move.isOver(seen).<Phase>map(why -> new LeftOut(now, why)).orElseGet(next);
  }
}
