package io.agentopia.toolbox.health;

import io.agentopia.toolbox.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void theCoreIsPure() {
    ArchitectureRules.coreIsPure("io.agentopia.toolbox.health.verdict..");
    ArchitectureRules.coreIsPure(
        "io.agentopia.toolbox.health.rollout..", "io.agentopia.toolbox.health.verdict..");
    ArchitectureRules.coreIsPure(
        "io.agentopia.toolbox.health.remediation..", "io.agentopia.toolbox.health.verdict..");
  }

  @Test
  void itKnowsNoOtherService() {
    ArchitectureRules.knowsNoOtherService("health");
    ArchitectureRules.requestsAreCarriedOut("health");
    ArchitectureRules.readsNoClockOfItsMachine("health");
    ArchitectureRules.reachesTheBrokerAsTheSettingsSay("health");
    ArchitectureRules.reachesTheDatabaseAsTheSettingsSay("health");
  }

  @Test
  void itsPackagesFormNoCircle() {
    ArchitectureRules.packagesFormNoCircle("health");
  }
}
