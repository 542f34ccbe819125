package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.identity.AgentState;
import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.reconcile.Outlook;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Reports the tools when something observable changed since the last report that was taken; what is
 * sent is always the newest. Nothing was taken yet after a start, so the first outlook is sent, and
 * the last one is repeated now and then: whatever became of it, the control plane comes to know.
 * Reports are numbered, since no clock of a droplet's gives an order.
 */
public final class Reports {
  private static final Logger LOG = Logger.getLogger(Reports.class);
  private static final Duration REPEATED_EVERY = Duration.ofMinutes(10);

  private final Link link;
  private final Supplier<Outlook> newest;
  private final Pacer pacer;
  private Object taken;
  private Instant takenAt;
  private Long start;
  private long number;

  public Reports(Link link, Supplier<Outlook> newest) {
    this.link = link;
    this.newest = newest;
    this.pacer = link.pacer();
  }

  public Duration send() throws InterruptedException {
    var outlook = newest.get();
    if (!outlook.manifestKnown()) {
      return Loop.UNTIL_WOKEN;
    }
    var now = link.clock().instant();
    if (outlook.observable().equals(taken) && isFresh(now)) {
      return Duration.between(now, takenAt.plus(REPEATED_EVERY));
    }
    var report = Wire.Report.of(start(), ++number, outlook);
    return switch (link.controlPlane().report(link.token(), report)) {
      case Answer.Ok<Void> _ -> {
        pacer.succeeded();
        taken = outlook.observable();
        takenAt = now;
        // Once more: it may have changed during the call.
        yield Duration.ZERO;
      }
      case Answer.Gone<Void>(var detail) -> {
        link.gone().accept(detail);
        yield null;
      }
      case Answer.Failed<Void> failed -> {
        // It may have been taken, its answer lost: even the outlook before it is news then.
        taken = null;
        var pause = pacer.pauseAfter(failed);
        LOG.warnf(
            "Report not taken, sent again attempt=%d pause=%ds found=\"%s\"",
            pacer.failures(), pause.toSeconds(), failed.detail());
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
        link.state().update(AgentState::started);
        start = link.state().current().starts();
      } catch (IOException e) {
        LOG.errorf(
            "Reports go without a number, the state cannot be written found=\"%s\"", e.toString());
        start = 0L;
      }
    }
    return start;
  }
}
