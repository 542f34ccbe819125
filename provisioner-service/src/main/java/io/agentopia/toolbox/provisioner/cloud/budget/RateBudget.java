package io.agentopia.toolbox.provisioner.cloud.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * How many calls a cloud token still allows: a token bucket of our own that is never above what the
 * cloud says is left, and a gate that a refusal (429) closes. Pure: time is passed in.
 *
 * @param available calls that may go out at {@code at}; a fraction of one is on its way
 * @param at of which moment {@code available} speaks; may lie ahead while the gate is closed
 * @param closedUntil no call goes out before
 * @param refusals in a row, for the back-off when the cloud does not say how long to wait
 */
public record RateBudget(
    Limits limits, double available, Instant at, Instant closedUntil, int refusals) {
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
  private static final int MOST_DOUBLINGS = 5; // 10 s, 20 s … 320 s

  /** No limit of the cloud's looks back further, so nothing it says can close the gate longer. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** Nothing was used of the token yet. */
  public static RateBudget full(Limits limits, Instant now) {
    return new RateBudget(limits, limits.burst(), now, Instant.EPOCH, 0);
  }

  public sealed interface Decision {
    /** The call may go out, and {@code left} must be stored before it does. */
    record Granted(RateBudget left) implements Decision {}

    record Wait(Duration retryAfter, String reason) implements Decision {}
  }

  public Decision take(Instant now, Priority priority) {
    if (now.isBefore(closedUntil)) {
      return new Decision.Wait(
          Duration.between(now, closedUntil),
          "the cloud's rate limit is used up: it takes no calls before " + closedUntil);
    }
    var filled = filled(now);
    var needed = 1 + limits.reserveAgainst(priority);
    if (filled.available < needed) {
      var seconds = (needed - filled.available) / limits.perSecond();
      return new Decision.Wait(
          Duration.ofMillis((long) Math.ceil(seconds * 1000)),
          "the calls left to the cloud's token are kept for "
              + (priority == Priority.WATCH ? "creating and deleting" : "later"));
    }
    return new Decision.Granted(
        new RateBudget(limits, filled.available - 1, filled.at, closedUntil, refusals));
  }

  /**
   * What became of several calls asked for at once.
   *
   * @param left to be stored before any of them goes out; the same as before when none may
   * @param decisions in the order they were asked for
   */
  public record Drawn(RateBudget left, List<Decision> decisions) {}

  /**
   * As many {@link #take}s as there are calls waiting: creating and deleting are served before
   * watching, however long the queue. Every granted call knows what is left after all of them.
   */
  public Drawn draw(Instant now, List<Priority> waiting) {
    var left = this;
    var decisions = new Decision[waiting.size()];
    for (var priority : Priority.values()) {
      for (var i = 0; i < decisions.length; i++) {
        if (waiting.get(i) == priority) {
          decisions[i] = left.take(now, priority);
          left = decisions[i] instanceof Decision.Granted g ? g.left() : left;
        }
      }
    }
    var all = left;
    return new Drawn(
        left,
        Stream.of(decisions)
            .map(d -> d instanceof Decision.Granted ? new Decision.Granted(all) : d)
            .toList());
  }

  /** Whether an answer changes more than what taking the call has stored already. */
  public boolean isChangedBy(Answer answer) {
    return answer.isRefusal()
        || refusals > 0
        || (answer.remaining() != null && answer.remaining() < available);
  }

  /** What an answer of the cloud says about the calls that are left. */
  public RateBudget after(Answer answer, Instant now) {
    return answer.isRefusal() ? refused(answer, now) : answered(answer, now);
  }

  private RateBudget refused(Answer answer, Instant now) {
    return closed(now.plus(pause(answer, now)), refusals + 1);
  }

  private Duration pause(Answer answer, Instant now) {
    if (answer.retryAfter() != null) {
      return bounded(answer.retryAfter());
    }
    return answer.isUsedUp() && answer.reset() != null && answer.reset().isAfter(now)
        ? bounded(Duration.between(now, answer.reset()))
        : FIRST_BACK_OFF.multipliedBy(1L << Math.min(refusals, MOST_DOUBLINGS));
  }

  private RateBudget answered(Answer answer, Instant now) {
    if (answer.isUsedUp() && answer.reset() != null && answer.reset().isAfter(now)) {
      return closed(now.plus(bounded(Duration.between(now, answer.reset()))), 0);
    }
    var filled = filled(now);
    var left =
        answer.remaining() == null
            ? filled.available
            : Math.min(filled.available, answer.remaining());
    return new RateBudget(limits, left, filled.at, closedUntil, 0);
  }

  /** When the gate opens, one call goes out as a probe; the rest follow as the bucket fills. */
  private RateBudget closed(Instant until, int refusalsInARow) {
    var open = until.isAfter(closedUntil) ? until : closedUntil;
    return new RateBudget(limits, 1, open, open, refusalsInARow);
  }

  /** Clocks differ between instances: time that seems to go back fills nothing. */
  private RateBudget filled(Instant now) {
    if (!now.isAfter(at)) {
      return this;
    }
    var seconds = Duration.between(at, now).toNanos() / 1e9;
    var level = Math.min(limits.burst(), available + seconds * limits.perSecond());
    return new RateBudget(limits, level, now, closedUntil, refusals);
  }

  private static Duration bounded(Duration wait) {
    return wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
