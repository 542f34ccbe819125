package io.agentopia.toolbox.agent.upgrade;

import io.agentopia.toolbox.agent.identity.ImageHistory;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Timing;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * The last move that failed on this droplet, also across restarts. It is told and not tried again
 * until another image is wanted, or it was not asked for during a long time: what failed for want
 * of a registry shall not be spoilt for good.
 */
final class FailedUpgrades {
  private static final Logger LOG = Logger.getLogger(FailedUpgrades.class);
  private static final int LONGEST_REASON = 1_000;

  private final StateStore state;
  private final Timing timing;
  private final Duration forgetAfter;
  private Instant lastAsked;

  FailedUpgrades(StateStore state, Timing timing, Duration forgetAfter) {
    this.state = state;
    this.timing = timing;
    this.forgetAfter = forgetAfter;
    this.lastAsked = timing.now();
  }

  /** Null when there is none. */
  ImageHistory.Failed last() {
    return state.current().images().failed();
  }

  void note(String image, String reason) {
    LOG.warnf("Move to another image failed image=%s reason=\"%s\"", image, reason);
    var shortened =
        reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
    state.updateAnyway(s -> s.withImages(s.images().failed(image, shortened)));
  }

  /** It runs after all. */
  void over(PinnedImage image) {
    if (UpgradePlanner.isOf(last(), image)) {
      forget();
    }
  }

  /** Silence must last: a gateway that has just started may not know yet what it wants. */
  void heard(WantedImage asked) {
    var now = timing.now();
    if (asked != null) {
      lastAsked = now;
    }
    var failed = last();
    if (failed == null) {
      return;
    }
    var another =
        asked != null
            && UpgradePlanner.firstOf(asked)
                .filter(i -> !UpgradePlanner.isOf(failed, i))
                .isPresent();
    var silent = asked == null && !now.isBefore(lastAsked.plus(forgetAfter));
    if (another || silent) {
      forget();
    }
  }

  private void forget() {
    state.updateAnyway(s -> s.withImages(s.images().forgettingTheFailure()));
  }
}
