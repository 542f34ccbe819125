package io.agentopia.toolbox.deployer.config;

import io.agentopia.toolbox.deployer.tool.Situation.Deadlines;
import io.agentopia.toolbox.deployer.toolbox.Rulebook;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the core takes from the configuration. */
@ApplicationScoped
class RulebookProducer {
  @Produces
  @Singleton
  Rulebook rulebook(DeployerConfig config) {
    return new Rulebook(
        new Deadlines(
            config.toolboxReadyDeadline(),
            config.deployDeadline(),
            config.restartDeadline(),
            config.stopDeadline(),
            config.removalDeadline()),
        config.arrivalGrace());
  }
}
