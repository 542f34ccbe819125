package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.verdict.CommonSilence;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** That verdicts of silence are held back at this instance, told once when it begins and ends. */
@ApplicationScoped
public class SilenceHold {
  private static final Logger LOG = Logger.getLogger(SilenceHold.class);

  /** Longer than from one look at a silent toolbox to the next. */
  private static final Duration OVER_AFTER = Watching.HELD_LOOK.multipliedBy(3);

  private Held held;
  private Instant last;

  /**
   * @param since when it began
   */
  public record Held(Instant since, int watched, int silent) {}

  synchronized void hold(CommonSilence silence, Instant now) {
    last = now;
    if (held == null) {
      held = new Held(now, silence.watched(), silence.silent());
      LOG.errorf(
          "more toolboxes are silent together than can be true, no verdict is spoken: silent=%d watched=%d"
              + " action=look at the way from droplets to the gateway (name, certificate, network, region)",
          silence.silent(), silence.watched());
    } else {
      held = new Held(held.since(), silence.watched(), silence.silent());
    }
  }

  synchronized void looked(Instant now) {
    if (held != null && now.isAfter(last.plus(OVER_AFTER))) {
      LOG.infof("common silence is over: since=%s", held.since());
      held = null;
    }
  }

  public synchronized Optional<Held> current() {
    return Optional.ofNullable(held);
  }
}
