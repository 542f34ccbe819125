package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.reconcile.Outlook;
import java.time.Duration;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Reports the tools when something observable changed since the last report that was taken; what is
 * sent is always the newest. Nothing was taken yet after a start, so the first outlook is sent.
 */
public final class Reports {
  private static final Logger LOG = Logger.getLogger(Reports.class);

  private final Link link;
  private final Supplier<Outlook> newest;
  private final Pacer pacer;
  private Object taken;

  public Reports(Link link, Supplier<Outlook> newest) {
    this.link = link;
    this.newest = newest;
    this.pacer = link.pacer();
  }

  public Duration send() throws InterruptedException {
    var outlook = newest.get();
    if (!outlook.manifestKnown() || outlook.observable().equals(taken)) {
      return Loop.UNTIL_WOKEN;
    }
    return switch (link.controlPlane().report(link.token(), Wire.Report.of(outlook))) {
      case Answer.Ok<Void> _ -> {
        pacer.succeeded();
        taken = outlook.observable();
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
}
