package io.agentopia.toolbox.health.healing;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.RemediationConfig;
import io.agentopia.toolbox.health.model.AilingDroplets;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.runtime.work.Await;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Takes up the ailing droplets that are due; each is taken up by one instance. */
@ApplicationScoped
public class RemediationLoop {
  private static final Logger LOG = Logger.getLogger(RemediationLoop.class);

  private final AilingDroplets ailing;
  private final RemediationController controller;
  private final Await work;
  private final RemediationConfig config;
  private final Clock clock;

  @Inject
  public RemediationLoop(
      AilingDroplets ailing,
      RemediationController controller,
      Await work,
      HealthConfig config,
      Clock clock) {
    this.ailing = ailing;
    this.controller = controller;
    this.work = work;
    this.config = config.remediation();
    this.clock = clock;
  }

  public void look() {
    try {
      var due = work.await(() -> ailing.claim(clock.instant(), config.lease()));
      if (!due.isEmpty()) {
        // After the claim, so that it counts what was claimed.
        var fleet = work.await(() -> ailing.fleet(clock.instant(), config.fleetWindow()));
        due.forEach(key -> treat(key, fleet));
      }
    } catch (RuntimeException e) {
      LOG.warnf("ailing droplets not looked for, tries again: cause=%s", cause(e));
    }
  }

  private void treat(Key key, Fleet fleet) {
    try {
      work.await(() -> controller.treat(key, fleet));
    } catch (RuntimeException e) {
      LOG.warnf(
          "ailing droplet not decided about, tries again when its lease ends: toolboxId=%s generation=%d cause=%s",
          key.toolboxId(), key.generation(), cause(e));
    }
  }

  private static Throwable cause(RuntimeException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
