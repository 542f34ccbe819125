package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToolboxIsDeletedTest extends Story {
  @Test
  void deletionLeavesNoDropletAndFreesTheName() {
    var name = uniqueName("deleted");
    var id = activeToolbox(name);
    var tool = deploy(id, "hello");
    awaitTool(id, tool, "running");

    delete(id);

    assertThat(PLATFORM.liveDroplets(id)).isEmpty();
    awaitTool(id, tool, "removed");
    assertThat(USER.delete("/v1/toolboxes/" + id).status()).as("deleting twice").isEqualTo(202);
    delete(activeToolbox(name));
  }

  @Test
  void deletionInTheMiddleOfProvisioningLeavesNoDroplet() {
    var id = requestToolbox(uniqueName("halfway"));
    delete(id);
    assertThat(PLATFORM.liveDroplets(id)).isEmpty();
  }
}
