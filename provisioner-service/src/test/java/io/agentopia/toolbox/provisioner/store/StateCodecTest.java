package io.agentopia.toolbox.provisioner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateCodecTest {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00.123456Z");
  private static final Agent AGENT = new Agent("0.1.0", 30000);
  private static final Removal REMOVAL = new Removal(7L, NOW, 2, NOW);

  static Stream<ToolboxState> everyState() {
    return Stream.of(
        new PendingProvision(5L),
        new Creating(null, 2, true, NOW, NOW, NOW),
        new Booting(7, true, AGENT, NOW),
        new AwaitingHeartbeat(7, "203.0.113.1", null, NOW),
        new Active(7, "203.0.113.1", AGENT),
        new Unresponsive(7, "203.0.113.1", AGENT, "heartbeat_missing", false),
        new ErrorProvisioning(new Trouble("c", "m", "a"), REMOVAL),
        new Replacing(7L, REMOVAL, NOW),
        new PendingDeprovision(REMOVAL),
        new Deprovisioning(REMOVAL, NOW),
        new Deprovisioned(null),
        new ErrorDeprovisioning(new Trouble("c", "m", "a"), REMOVAL));
  }

  @ParameterizedTest
  @MethodSource("everyState")
  void whatIsStoredIsReadBack(ToolboxState state) {
    assertThat(StateCodec.read(StateCodec.type(state), StateCodec.write(state))).isEqualTo(state);
  }

  @Test
  void everyStateIsTried() {
    assertThat(everyState().map(Object::getClass).toArray())
        .containsExactlyInAnyOrderElementsOf(ToolboxState.records());
  }

  @Test
  void anUnknownTypeIsNamed() {
    assertThatThrownBy(() -> StateCodec.read("Dreaming", "{}")).hasMessageContaining("Dreaming");
  }
}
