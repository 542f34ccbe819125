package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.tools.WantedTool;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Actions being carried out, what came of them, and who has to wait before the next attempt. */
public final class Attempts {
  private static final Logger LOG = Logger.getLogger(Attempts.class);
  private static final String REMOVAL = "removal";

  private final ActionRunner runner;
  private final BackoffTracker retries;
  private final Clock clock;
  private final ActionExecutor executor;
  private final Map<String, Action> underWay = new ConcurrentHashMap<>();
  private final AtomicLong actionsDone = new AtomicLong();
  private final AtomicLong actionsFailed = new AtomicLong();

  public Attempts(
      ActionRunner runner, BackoffTracker retries, Clock clock, ActionExecutor executor) {
    this.runner = runner;
    this.retries = retries;
    this.clock = clock;
    this.executor = executor;
  }

  BackoffTracker retries() {
    return retries;
  }

  Set<String> busy() {
    return Set.copyOf(underWay.keySet());
  }

  Map<String, Action> underWay() {
    return Map.copyOf(underWay);
  }

  public long done() {
    return actionsDone.get();
  }

  public long failed() {
    return actionsFailed.get();
  }

  /**
   * Has the action carried out, unless its tool has to wait; at most one per tool at a time.
   *
   * @param afterwards run once it has ended
   */
  void consider(Action action, Instant now, Runnable afterwards) {
    var wish = wish(action);
    if (action instanceof Action.Nothing) {
      retries.succeeded(action.key());
    } else if (retries.mayRun(action.key(), wish, now)) {
      underWay.put(action.key(), action);
      executor.execute(
          action,
          () -> {
            try {
              carryOut(action, wish);
            } finally {
              underWay.remove(action.key());
              afterwards.run();
            }
          });
    }
  }

  private void carryOut(Action action, String wish) {
    LOG.infof("Action begins action=%s tool=%s", name(action), action.key());
    var failure = attempt(action);
    if (failure.isEmpty()) {
      actionsDone.incrementAndGet();
      retries.succeeded(action.key());
      return;
    }
    actionsFailed.incrementAndGet();
    retries.failed(action.key(), wish, failure.get(), clock.instant());
    LOG.warnf(
        "Action failed, tried again later action=%s tool=%s code=%s found=\"%s\"",
        name(action), action.key(), failure.get().code().wire(), failure.get().message());
  }

  /** Even a bug in here must end in a back-off, not in a busy loop. */
  private Optional<Failure> attempt(Action action) {
    try {
      return runner.run(action);
    } catch (RuntimeException e) {
      LOG.errorf(e, "Action failed unexpectedly tool=%s", action.key());
      var message =
          "The agent failed unexpectedly: " + e + ". Report this as a defect of the agent.";
      return Optional.of(new Failure(ErrorCode.CREATE_FAILED, message, null));
    }
  }

  private static String name(Action action) {
    return action.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String wish(Action action) {
    return switch (action) {
      case Action.Refuse refuse -> refusedWish(refuse.tool());
      case Action.OnTool onTool -> onTool.tool().wish();
      case Action.Remove _ -> REMOVAL;
    };
  }

  /** A refused entry may lack what a wish is made of. */
  private static String refusedWish(WantedTool tool) {
    return "refused|" + tool.revision();
  }

  /** The failure that stands for this tool as it is wanted now. */
  Optional<Failure> failure(WantedTool tool) {
    var key = tool.toolInstanceId().toString();
    var refused = retries.failure(key, refusedWish(tool));
    return refused.isPresent() || tool.image() == null
        ? refused
        : retries.failure(key, tool.wish());
  }

  /** As wanted; or tried, and the failure is told. */
  boolean isSettled(Action action, Set<String> busy) {
    return !busy.contains(action.key())
        && (action instanceof Action.Nothing
            || retries.failure(action.key(), wish(action)).isPresent());
  }
}
