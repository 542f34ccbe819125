package io.agentopia.toolbox.deployer.config;

import io.agentopia.toolbox.deployer.tool.DecisionContext.Deadlines;
import io.agentopia.toolbox.deployer.toolbox.DeployPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the core takes from the configuration. */
@ApplicationScoped
class DeployPolicyProducer {
  @Produces
  @Singleton
  DeployPolicy policy(DeployerConfig config) {
    return new DeployPolicy(
        new Deadlines(
            config.toolboxReadyDeadline(),
            config.deployDeadline(),
            config.restartDeadline(),
            config.stopDeadline(),
            config.removalDeadline()),
        config.arrivalGrace());
  }
}
