package io.agentopia.toolbox.gateway;

import io.agentopia.toolbox.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  @Test
  void itKnowsNoOtherService() {
    ArchitectureRules.knowsNoOtherService("gateway");
    ArchitectureRules.requestsAreCarriedOut("gateway");
  }
}
