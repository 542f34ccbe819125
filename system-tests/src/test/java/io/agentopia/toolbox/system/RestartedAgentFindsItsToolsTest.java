package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestartedAgentFindsItsToolsTest extends Story {
  @Test
  void aKilledAgentComesBackWithItsIdentityAndItsToolsUntouched() {
    var id = activeToolbox(uniqueName("restarted"));
    var tool = deploy(id, "survivor");
    var container = awaitTool(id, tool, "running").path("containerId").asText();
    var droplet = PLATFORM.liveDroplets(id).getFirst();
    var before = PLATFORM.agentPid(droplet);

    PLATFORM.killAgent(droplet);

    patiently("another agent process")
        .until(() -> PLATFORM.agentPid(droplet) > 0 && PLATFORM.agentPid(droplet) != before);
    patiently("the agent to answer with its tool")
        .until(
            () -> {
              var status = agentStatus(id);
              return status.status() == 200 && status.body().toString().contains("\"survivor\"");
            });
    assertThat(awaitTool(id, tool, "running").path("containerId").asText()).isEqualTo(container);
    assertThat(awaitToolbox(id, "active").path("generation").asLong()).isEqualTo(1);
    delete(id);
  }
}
