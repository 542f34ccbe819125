package io.agentopia.toolbox.testing;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules that this one stands on cannot ask it; so it asks for them, and for itself. */
class RoomsTest {
  @ParameterizedTest
  @ValueSource(strings = {"events", "embedded", "testing"})
  void packagesFormNoCircle(String own) {
    ArchitectureRules.packagesFormNoCircle(own);
  }
}
