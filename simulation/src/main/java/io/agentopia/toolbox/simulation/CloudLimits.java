package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.provisioner.cloud.budget.Limits;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the cloud allows one token, counted where calls arrive. Whoever keeps to it is never refused
 * for it, and what only watches leaves some calls of every minute to creating and deleting.
 */
final class CloudLimits {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private final World world;
  private final Limits limits;
  private final Deque<Long> lastMinute = new ArrayDeque<>();
  private final Deque<Long> lastHour = new ArrayDeque<>();

  CloudLimits(World world, Limits limits) {
    this.world = world;
    this.limits = limits;
  }

  void called(Priority priority) {
    check(count(lastMinute, MINUTE), limits.perMinute(), "within a minute");
    check(count(lastHour, HOUR), limits.perHour(), "within an hour");
    var left = world.provisioner.callsLeft();
    if (priority == Priority.WATCH && left < limits.reserve()) {
      throw new Violation(
          -1,
          "a call that only watches leaves %s, and %s are kept for creating and deleting"
              .formatted(left, limits.reserve()));
    }
  }

  private int count(Deque<Long> calls, long window) {
    var now = world.agenda.now();
    calls.addLast(now);
    while (calls.getFirst() <= now - window) {
      calls.removeFirst();
    }
    return calls.size();
  }

  private static void check(int calls, int most, String when) {
    if (calls > most) {
      throw new Violation(-1, calls + " calls to the cloud " + when + " where " + most + " may go");
    }
  }
}
