package io.agentopia.toolbox.provisioner;

import io.agentopia.toolbox.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void theCoreIsPure() {
    ArchitectureRules.coreIsPure("io.agentopia.toolbox.provisioner.toolbox..");
    ArchitectureRules.coreIsPure("io.agentopia.toolbox.provisioner.cloud.budget..");
  }

  @Test
  void itKnowsNoOtherService() {
    ArchitectureRules.knowsNoOtherService("provisioner");
  }
}
