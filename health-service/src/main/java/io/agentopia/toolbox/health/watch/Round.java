package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.store.HealthRows;
import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * Once a second: store what was heard, then judge what is due and what was heard of and is not
 * known to be well.
 */
@ApplicationScoped
public class Round {
  private static final Logger LOG = Logger.getLogger(Round.class);

  private final HealthRows rows;
  private final Beats beats;
  private final Judge judge;
  private final VertxContexts contexts;
  private final HealthConfig config;
  private final Clock clock;

  /** Heard of, but not known or not well: looked at in each round until they are. */
  private final Set<UUID> open = new HashSet<>();

  @Inject
  public Round(
      HealthRows rows,
      Beats beats,
      Judge judge,
      VertxContexts contexts,
      HealthConfig config,
      Clock clock) {
    this.rows = rows;
    this.beats = beats;
    this.judge = judge;
    this.contexts = contexts;
    this.config = config;
    this.clock = clock;
  }

  @Scheduled(every = "${health.judge-every}", concurrentExecution = ConcurrentExecution.SKIP)
  void round() {
    try {
      var now = clock.instant();
      var heard = beats.takeUnwritten();
      contexts.run(() -> rows.store(heard)).join();
      heard.forEach(beat -> open.add(beat.heartbeat().toolboxId()));
      open.removeIf(id -> contexts.run(() -> judge.judge(id)).join());
      for (var id : contexts.run(() -> rows.due(now)).join()) {
        contexts.run(() -> judge.judge(id)).join();
      }
      beats.forgetBefore(now.minus(config.keepEarlyBeats()));
      open.removeIf(id -> beats.isForgotten(id));
    } catch (CompletionException e) {
      LOG.warnf("round not finished, the next one goes on: cause=%s", e.getCause());
    }
  }
}
