package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.model.Rollouts;
import io.agentopia.toolbox.runtime.work.Await;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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
  private final HeartbeatTopic topic;
  private final Await work;
  private final UnitOfWork transactions;
  private final Clock clock;

  @Inject
  public RolloutRound(
      Rollouts rollouts,
      UnitOfWork transactions,
      RolloutDriver driver,
      HeartbeatTopic topic,
      Await work,
      Clock clock) {
    this.rollouts = rollouts;
    this.driver = driver;
    this.topic = topic;
    this.work = work;
    this.transactions = transactions;
    this.clock = clock;
  }

  public void round() {
    try {
      List<UUID> ids = work.await(() -> transactions.inSession(rollouts::toLookAt));
      if (!ids.isEmpty()) {
        topic.since(clock.instant()).ifPresent(since -> ids.forEach(id -> drive(id, since)));
      }
    } catch (RuntimeException e) {
      LOG.warnf("rollouts not looked at, the next round goes on: cause=%s", cause(e));
    }
  }

  /** One rollout that cannot be driven stops none of the others. */
  private void drive(UUID id, Instant listeningSince) {
    try {
      work.await(() -> driver.drive(id, listeningSince));
    } catch (RuntimeException e) {
      LOG.warnf(
          "rollout not driven, the next round tries again: rolloutId=%s cause=%s", id, cause(e));
    }
  }

  private static Throwable cause(RuntimeException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
