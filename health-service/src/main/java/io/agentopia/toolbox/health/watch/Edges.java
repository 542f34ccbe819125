package io.agentopia.toolbox.health.watch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Since when agents can be heard at all: by the signs of life of the gateway's instances, on the
 * same way that heartbeats take, received here. Where there never was one, of a gateway that does
 * not tell them yet, nothing is known, and nothing is held back.
 */
@ApplicationScoped
public class Edges {
  /** Two of them may be lost, or late. */
  static final Duration LONGEST_SILENCE = Duration.ofSeconds(7);

  private Instant last;
  private Instant since = Instant.MIN;

  /** One of the edges told that it lives. */
  public synchronized void alive(Instant now) {
    // A clock that was ahead must not hold silence back until that time comes.
    if (last == null || isSilent(now) || now.isBefore(since)) {
      since = now;
    }
    last = now;
  }

  /**
   * @return since when an edge has been there without a gap; empty while none is
   */
  synchronized Optional<Instant> since(Instant now) {
    return last != null && isSilent(now) ? Optional.empty() : Optional.of(since);
  }

  private boolean isSilent(Instant now) {
    return now.isAfter(last.plus(LONGEST_SILENCE));
  }
}
