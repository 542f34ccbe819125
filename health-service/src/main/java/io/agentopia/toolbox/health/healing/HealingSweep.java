package io.agentopia.toolbox.health.healing;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.RemediationConfig;
import io.agentopia.toolbox.health.remediation.Situation.Fleet;
import io.agentopia.toolbox.health.store.LostDropletRow;
import io.agentopia.toolbox.health.store.LostDroplets;
import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/** Takes up the lost droplets that are due; each is taken up by one instance. */
@ApplicationScoped
public class HealingSweep {
  private static final Logger LOG = Logger.getLogger(HealingSweep.class);

  private final LostDroplets losses;
  private final Healing healing;
  private final VertxContexts contexts;
  private final RemediationConfig config;
  private final Clock clock;

  @Inject
  public HealingSweep(
      LostDroplets losses,
      Healing healing,
      VertxContexts contexts,
      HealthConfig config,
      Clock clock) {
    this.losses = losses;
    this.healing = healing;
    this.contexts = contexts;
    this.config = config.remediation();
    this.clock = clock;
  }

  @Scheduled(
      every = "${health.remediation.look-every}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      var due = claim();
      if (!due.isEmpty()) {
        var fleet = fleet(); // after the claim, so that it counts what was claimed
        due.forEach(key -> treat(key, fleet));
      }
    } catch (CompletionException e) {
      LOG.warnf("lost droplets not looked for, tries again: cause=%s", e.getCause());
    }
  }

  private List<LostDropletRow.Key> claim() {
    return contexts.run(() -> losses.claim(clock.instant(), config.lease())).join();
  }

  private Fleet fleet() {
    return contexts.run(() -> losses.fleet(clock.instant(), config.fleetWindow())).join();
  }

  private void treat(LostDropletRow.Key key, Fleet fleet) {
    try {
      contexts.run(() -> healing.treat(key, fleet)).join();
    } catch (CompletionException e) {
      LOG.warnf(
          "lost droplet not decided about, tries again when its lease ends: toolboxId=%s generation=%d cause=%s",
          key.toolboxId(), key.generation(), e.getCause());
    }
  }
}
