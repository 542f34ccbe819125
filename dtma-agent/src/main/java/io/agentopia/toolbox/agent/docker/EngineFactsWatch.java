package io.agentopia.toolbox.agent.docker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks the engine how it is, on a thread of its own, and remembers the answer with its age: who
 * wants to know never waits for Docker.
 */
public final class EngineFactsWatch {
  /**
   * Older words are no proof that the engine is still there: the call that should renew them hangs.
   */
  private static final Duration STALE_AFTER = Duration.ofSeconds(60);

  /**
   * @param version null until the engine answered once
   * @param store as of {@link DockerGateway.EngineFacts}; null until then too
   * @param problem what was found when it does not answer, or null
   * @param at when this was found
   */
  public record Facts(
      boolean reachable,
      String version,
      String store,
      int runningContainers,
      String problem,
      Instant at) {}

  private final DockerGateway docker;
  private final Clock clock;
  private final CountDownLatch asked = new CountDownLatch(1);
  private volatile Facts facts;

  public EngineFactsWatch(DockerGateway docker, Clock clock) {
    this.docker = docker;
    this.clock = clock;
    this.facts = new Facts(false, null, null, 0, "not asked yet", clock.instant());
  }

  /** One question; the loop's step. */
  public void ask() {
    var before = facts;
    try {
      var found = docker.facts();
      facts =
          new Facts(
              true,
              found.version(),
              found.store(),
              found.runningContainers(),
              null,
              clock.instant());
    } catch (DockerUnavailable | DockerRefusal e) {
      facts =
          new Facts(false, before.version(), before.store(), 0, e.getMessage(), clock.instant());
    }
    asked.countDown();
  }

  /** Waits, but not long, until Docker was asked once: the first heartbeat shall not cry wolf. */
  public void awaitFirst(Duration limit) throws InterruptedException {
    asked.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  public Facts current() {
    var found = facts;
    return found.reachable() && age(found).compareTo(STALE_AFTER) > 0
        ? new Facts(
            false,
            found.version(),
            found.store(),
            found.runningContainers(),
            "Docker has not answered for " + age(found).toSeconds() + " s",
            found.at())
        : found;
  }

  public Duration age(Facts of) {
    return Duration.between(of.at(), clock.instant());
  }
}
