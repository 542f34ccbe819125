package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.store.Rollouts;
import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Looks at the rollouts once a second, from what is stored of the heartbeats. Every instance does;
 * a rollout that another one is at is passed over. A round that fails leaves nothing half done, and
 * the next one is the retry.
 */
@ApplicationScoped
public class RolloutRound {
  private static final Logger LOG = Logger.getLogger(RolloutRound.class);

  private final Rollouts rollouts;
  private final RolloutDriver driver;
  private final Listening listening;
  private final VertxContexts contexts;
  private final Clock clock;

  @Inject
  public RolloutRound(
      Rollouts rollouts,
      RolloutDriver driver,
      Listening listening,
      VertxContexts contexts,
      Clock clock) {
    this.rollouts = rollouts;
    this.driver = driver;
    this.listening = listening;
    this.contexts = contexts;
    this.clock = clock;
  }

  @Scheduled(every = "${health.rollout-every}", concurrentExecution = ConcurrentExecution.SKIP)
  public void round() {
    try {
      List<UUID> ids = await(() -> Panache.withSession(rollouts::toLookAt));
      if (!ids.isEmpty()) {
        listening.since(clock.instant()).ifPresent(since -> ids.forEach(id -> drive(id, since)));
      }
    } catch (RuntimeException e) {
      LOG.warnf("rollouts not looked at, the next round goes on: cause=%s", cause(e));
    }
  }

  /** One rollout that cannot be driven stops none of the others. */
  private void drive(UUID id, Instant listeningSince) {
    try {
      await(() -> driver.drive(id, listeningSince));
    } catch (RuntimeException e) {
      LOG.warnf(
          "rollout not driven, the next round tries again: rolloutId=%s cause=%s", id, cause(e));
    }
  }

  private <T> T await(Supplier<Uni<T>> work) {
    return contexts.run(work).join();
  }

  private static Throwable cause(RuntimeException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
