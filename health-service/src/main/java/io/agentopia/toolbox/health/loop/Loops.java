package io.agentopia.toolbox.health.loop;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.healing.RemediationLoop;
import io.agentopia.toolbox.health.verdict.HealthCheck;
import io.agentopia.toolbox.health.watch.EvaluationLoop;
import io.agentopia.toolbox.health.watch.RolloutRound;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** What this service does every so often. */
@ApplicationScoped
class Loops {

  void start(
      @Observes StartupEvent event,
      Drivers drivers,
      HealthConfig config,
      EvaluationLoop evaluation,
      RolloutRound rollouts,
      RemediationLoop remediation) {
    HealthCheck.refuseUnknown(config.most().keySet());
    drivers.everyBlocking("evaluation", config.judgeEvery(), evaluation::round);
    drivers.everyBlocking("rollouts", config.rolloutEvery(), rollouts::round);
    drivers.every("remediation", config.remediation().lookEvery(), remediation::look);
  }
}
