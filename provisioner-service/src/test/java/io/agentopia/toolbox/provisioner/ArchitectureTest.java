package io.agentopia.toolbox.provisioner;

import io.agentopia.toolbox.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void theCoresArePure() {
    var toolbox = "io.agentopia.toolbox.provisioner.toolbox..";
    var lifecycle = "io.agentopia.toolbox.runtime.lifecycle..";
    ArchitectureRules.coreIsPure(toolbox, lifecycle);
    ArchitectureRules.coreIsPure("io.agentopia.toolbox.provisioner.cloud.budget..");
    ArchitectureRules.coreIsPure("io.agentopia.toolbox.provisioner.fleet..", toolbox);
  }

  @Test
  void itKnowsNoOtherService() {
    ArchitectureRules.knowsNoOtherService("provisioner");
    ArchitectureRules.packagesFormNoCircle("provisioner");
    ArchitectureRules.requestsAreCarriedOut("provisioner");
    ArchitectureRules.readsNoClockOfItsMachine("provisioner");
    ArchitectureRules.reachesTheBrokerAsTheSettingsSay("provisioner");
    ArchitectureRules.reachesTheDatabaseAsTheSettingsSay("provisioner");
  }

  @Test
  void itsPackagesFormNoCircle() {
    ArchitectureRules.packagesFormNoCircle("provisioner");
  }
}
