package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The stage that decides what shall run is down; what it decided holds all the same. */
class DeployerIsAwayTest extends Story {
  private static final String DEPLOYER = "deployer-service";

  @Test
  void aNewDropletStillReadsItsManifestAndRunsItsTools() {
    var id = activeToolbox(uniqueName("away"));
    var tool = deploy(id, "hello");
    awaitTool(id, tool, "running");
    PLATFORM.stop(DEPLOYER);
    try {
      PLATFORM.deleteDroplet(PLATFORM.liveDroplets(id).getFirst());
      patiently("the second droplet to be active")
          .until(
              tolerant(
                  () -> {
                    var toolbox = USER.get("/v1/toolboxes/" + id);
                    return "2".equals(toolbox.text("/generation"))
                        && "active".equals(toolbox.text("/status"));
                  }));
      patiently("its agent to run the tool")
          .until(tolerant(() -> agentStatus(id).body().toString().contains("\"running\"")));
    } finally {
      PLATFORM.start(DEPLOYER);
    }
    awaitTool(id, tool, "running");
    assertThat(PLATFORM.liveDroplets(id)).hasSize(1);
    delete(id);
  }
}
