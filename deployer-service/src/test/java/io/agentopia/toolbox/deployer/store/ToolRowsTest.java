package io.agentopia.toolbox.deployer.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.deployer.tool.DesiredTool;
import io.agentopia.toolbox.deployer.tool.Pending;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.tool.ToolInstances;
import io.agentopia.toolbox.deployer.toolbox.Toolbox;
import io.agentopia.toolbox.events.ToolSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ToolRowsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final Toolbox TOOLBOX = Toolbox.heardOf(UUID.randomUUID(), "acct", true, NOW);
  static final List<String> STATES = ToolInstances.STATES;

  @ParameterizedTest
  @FieldSource("STATES")
  void whatIsReadBackEqualsWhatWasWritten(String name) {
    var tool = ToolInstances.state(name);
    assertThat(ToolRows.read(written(tool))).isEqualTo(tool);
  }

  @Test
  void everyStateIsTried() {
    assertThat(STATES.stream().map(s -> ToolInstances.state(s).getClass().getName()).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ToolInstance.class.getPermittedSubclasses())
                .map(Class::getName)
                .toList());
  }

  @Test
  void aSpecificationComesBackWhole() {
    var spec =
        new ToolSpec(
            "nginx",
            List.of("a", "b\\0"),
            Map.of("K", "v"),
            List.of(new ToolSpec.Port(80, 8080, "udp"), new ToolSpec.Port(81, null, null)),
            64,
            0.05,
            true);
    var tool = new Pending(DesiredTool.first(UUID.randomUUID(), "web", spec), NOW);
    assertThat(ToolRows.read(written(tool)).wanted().spec()).isEqualTo(spec);
  }

  private static ToolRow written(ToolInstance tool) {
    var row = new ToolRow();
    row.id = tool.wanted().toolInstanceId();
    ToolRows.write(tool, TOOLBOX, row, NOW);
    return row;
  }
}
