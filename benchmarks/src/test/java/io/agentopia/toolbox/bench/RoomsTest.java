package io.agentopia.toolbox.bench;

import io.agentopia.toolbox.testing.ArchitectureRules;
import org.junit.jupiter.api.Test;

class RoomsTest {
  @Test
  void packagesFormNoCircle() {
    ArchitectureRules.packagesFormNoCircle("bench");
  }
}
