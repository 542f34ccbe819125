package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ToolIsDeployedTest extends Story {
  private static String toolbox;

  @BeforeAll
  static void aToolbox() {
    toolbox = activeToolbox(uniqueName("tools"));
  }

  @AfterAll
  static void deleted() {
    delete(toolbox);
  }

  @Test
  void aDeployedToolRunsStopsStartsRestartsAndGoes() {
    var tool = deploy(toolbox, "hello");
    var running = awaitTool(toolbox, tool, "running");
    assertThat(running.path("containerId").asText()).isNotBlank();
    patiently("the agent to show it")
        .until(() -> agentStatus(toolbox).body().toString().contains("\"hello\""));

    act(tool, "stop");
    awaitTool(toolbox, tool, "stopped");
    act(tool, "start");
    awaitTool(toolbox, tool, "running");
    act(tool, "restart");
    awaitTool(toolbox, tool, "running");

    assertThat(USER.delete("/v1/toolboxes/" + toolbox + "/tools/" + tool).status()).isEqualTo(202);
    awaitTool(toolbox, tool, "removed");
    patiently("the agent to have dropped it")
        .until(() -> !agentStatus(toolbox).body().toString().contains("\"hello\""));
  }

  @Test
  void aToolThatCannotRunSaysWhy() {
    var answer =
        USER.post(
            "/v1/toolboxes/" + toolbox + "/tools",
            "{\"name\": \"broken\", \"image\": \"127.0.0.1:1/nosuch/image:1\", \"command\": [\"true\"]}");
    var tool = answer.text("/id");
    patiently("the tool to have failed")
        .until(
            () ->
                "failed"
                    .equals(
                        USER.get("/v1/toolboxes/" + toolbox + "/tools/" + tool).text("/status")));
    var failed = USER.get("/v1/toolboxes/" + toolbox + "/tools/" + tool);
    assertThat(failed.text("/error/code")).startsWith("image_");
    assertThat(failed.text("/error/action")).isNotBlank();
  }

  @Test
  void aToolAskedForBeforeTheToolboxIsHealthyWaitsForIt() {
    var early = requestToolbox(uniqueName("early"));
    var tool = deploy(early, "eager");
    awaitTool(early, tool, "running");
    delete(early);
  }

  private static void act(String tool, String verb) {
    assertThat(USER.post("/v1/toolboxes/" + toolbox + "/tools/" + tool + "/" + verb, "{}").status())
        .isEqualTo(202);
  }
}
