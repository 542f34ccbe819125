package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Somebody deletes a droplet in the cloud's control panel; nobody asks for another one. */
class LostDropletIsReplacedTest extends Story {
  @Test
  void theToolboxGetsAnotherDropletAndItsToolBackByItself() {
    var id = activeToolbox(uniqueName("lost"));
    var tool = deploy(id, "hello");
    awaitTool(id, tool, "running");
    var lost = PLATFORM.liveDroplets(id).getFirst();

    PLATFORM.deleteDroplet(lost);
    patiently("the loss to be told").until(tolerant(() -> stages(id).contains("droplet_lost")));
    patiently("the second droplet to be active")
        .until(tolerant(() -> isActiveAgain(USER.get("/v1/toolboxes/" + id))));
    patiently("the agent to show the tool")
        .until(() -> agentStatus(id).body().toString().contains("\"hello\""));
    awaitTool(id, tool, "running");

    assertThat(PLATFORM.liveDroplets(id)).hasSize(1).doesNotContain(lost);
    assertThat(stages(id)).contains("droplet_replaced");
    assertThat(USER.get("/v1/toolboxes/" + id).text("/statusDetail")).isNull();
    delete(id);
  }

  private static boolean isActiveAgain(Api.Answer answer) {
    return "2".equals(answer.text("/generation")) && "active".equals(answer.text("/status"));
  }

  private static List<String> stages(String id) {
    var timeline = USER.get("/v1/toolboxes/" + id).body().path("timeline");
    return StreamSupport.stream(timeline.spliterator(), false)
        .map((JsonNode s) -> s.path("stage").asText())
        .toList();
  }
}
