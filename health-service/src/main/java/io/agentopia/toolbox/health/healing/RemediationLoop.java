package io.agentopia.toolbox.health.healing;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.RemediationConfig;
import io.agentopia.toolbox.health.model.AilingDroplets;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import org.jboss.logging.Logger;

/** Takes up the ailing droplets that are due; each is taken up by one instance. */
@ApplicationScoped
public class RemediationLoop {
  private static final Logger LOG = Logger.getLogger(RemediationLoop.class);

  private final AilingDroplets ailing;
  private final RemediationController controller;
  private final RemediationConfig config;
  private final Clock clock;

  @Inject
  public RemediationLoop(
      AilingDroplets ailing, RemediationController controller, HealthConfig config, Clock clock) {
    this.ailing = ailing;
    this.controller = controller;
    this.config = config.remediation();
    this.clock = clock;
  }

  public Uni<Void> look() {
    return ailing.claim(clock.instant(), config.lease()).flatMap(this::treat);
  }

  /** The fleet is counted after the claim, so that what was claimed is counted too. */
  private Uni<Void> treat(List<Key> due) {
    return due.isEmpty()
        ? Uni.createFrom().voidItem()
        : ailing
            .fleet(clock.instant(), config.fleetWindow())
            .flatMap(fleet -> InTurn.each(due, key -> treat(key, fleet)));
  }

  /** One that cannot be decided about stops none of the others. */
  private Uni<Void> treat(Key key, Fleet fleet) {
    return controller
        .treat(key, fleet)
        .onFailure()
        .invoke(
            e ->
                LOG.warnf(
                    "ailing droplet not decided about, tries again when its lease ends: toolboxId=%s generation=%d cause=%s",
                    key.toolboxId(), key.generation(), e))
        .onFailure()
        .recoverWithNull();
  }
}
