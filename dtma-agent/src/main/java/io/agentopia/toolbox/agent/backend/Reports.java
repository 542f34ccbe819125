package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.identity.AgentState;
import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.loop.Retries;
import io.agentopia.toolbox.agent.reconcile.ToolsSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Reports the tools when something observable changed since the last report that was taken; what is
 * sent is always the newest. Nothing was taken yet after a start, so the first snapshot is sent,
 * and the last one is repeated now and then: whatever became of it, the control plane comes to
 * know. Reports are numbered, since no clock of a droplet's gives an order.
 */
public final class Reports {
  private static final Logger LOG = Logger.getLogger(Reports.class);
  private static final Duration REPEATED_EVERY = Duration.ofMinutes(10);

  private final ControlPlaneSession session;
  private final Supplier<ToolsSnapshot> newest;
  private final Retries retries;
  private Object taken;
  private Instant takenAt;
  private Long start;
  private long number;

  public Reports(ControlPlaneSession session, Supplier<ToolsSnapshot> newest) {
    this.session = session;
    this.newest = newest;
    this.retries = session.retries();
  }

  public Duration send() throws InterruptedException {
    var snapshot = newest.get();
    if (!snapshot.manifestKnown()) {
      return Loop.UNTIL_WOKEN;
    }
    var now = session.now();
    if (snapshot.observable().equals(taken) && isFresh(now)) {
      return Duration.between(now, takenAt.plus(REPEATED_EVERY));
    }
    var report = Wire.Report.of(start(), ++number, snapshot);
    return switch (session.controlPlane().report(session.token(), report)) {
      case Answer.Ok<Void> _ -> {
        retries.succeeded();
        taken = snapshot.observable();
        takenAt = now;
        // Once more: it may have changed during the call.
        yield Duration.ZERO;
      }
      case Answer.Gone<Void>(var detail) -> {
        session.gone().accept(detail);
        yield null;
      }
      case Answer.Failed<Void> failed -> {
        // It may have been taken, its answer lost: even the snapshot before it is news then.
        taken = null;
        var pause = session.pauseAfter(failed, retries);
        LOG.warnf(
            "Report not taken, sent again attempt=%d pause=%ds found=\"%s\"",
            retries.failures(), pause.toSeconds(), failed.detail());
        yield pause;
      }
    };
  }

  /** A clock that was set makes it stale at worst, which costs a report. */
  private boolean isFresh(Instant now) {
    return !now.isBefore(takenAt) && now.isBefore(takenAt.plus(REPEATED_EVERY));
  }

  /** A number that would come again after a restart is worse than none. */
  private long start() {
    if (start == null) {
      try {
        session.state().update(AgentState::started);
        start = session.state().current().progress().starts();
      } catch (IOException e) {
        LOG.errorf(
            "Reports go without a number, the state cannot be written found=\"%s\"", e.toString());
        start = 0L;
      }
    }
    return start;
  }
}
