package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the deployer listens to. */
@ApplicationScoped
class Handlers {
  /** Wishes about tools. */
  @Produces
  @Singleton
  EventHandler<ToolRequest> toolRequests(Deployments deployments) {
    return new DeployHandler<>(ToolRequest.class, deployments);
  }

  /** What became of toolboxes and their droplets. */
  @Produces
  @Singleton
  EventHandler<ToolboxLifecycle> toolboxLifecycle(Deployments deployments) {
    return new DeployHandler<>(ToolboxLifecycle.class, deployments);
  }

  /** Whether toolboxes are healthy. */
  @Produces
  @Singleton
  EventHandler<ToolboxHealth> toolboxHealth(Deployments deployments) {
    return new DeployHandler<>(ToolboxHealth.class, deployments);
  }

  /** What agents say of their tools. */
  @Produces
  @Singleton
  EventHandler<AgentReport> agentReports(Deployments deployments) {
    return new DeployHandler<>(AgentReport.class, deployments);
  }
}
