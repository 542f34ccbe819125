package io.agentopia.toolbox.agent.lifecycle;

import static io.agentopia.toolbox.agent.tools.Samples.IMAGE;
import static io.agentopia.toolbox.agent.tools.Samples.wanted;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.agent.backend.FakeGateway;
import io.agentopia.toolbox.agent.docker.InMemoryDocker;
import io.agentopia.toolbox.agent.identity.StateFile;
import io.agentopia.toolbox.agent.tools.Port;
import io.agentopia.toolbox.agent.tools.WantedTool;
import io.agentopia.toolbox.events.EventCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent, against a gateway over HTTP and a Docker engine in memory. */
abstract class LiveAgentTest {
  static final Duration SOON = Duration.ofSeconds(10);
  static final String SEARCH_CONTAINER = "0000bbcc-search";
  static final String MAIL_CONTAINER = "0000bbcc-mail";
  static final int OTHERS_PORT = 18_080;

  @TempDir Path temp;
  final InMemoryDocker docker = new InMemoryDocker().withImage(IMAGE);
  final Map<String, String> settings = new HashMap<>();
  final LiveAgents agents = new LiveAgents(docker);
  FakeGateway gateway;

  @BeforeEach
  void aGateway() throws IOException {
    gateway = new FakeGateway();
    settings.put("dtma.backend-url", gateway.address() + "/");
    settings.put("dtma.join-token", FakeGateway.JOIN_TOKEN);
    settings.put("dtma.state-dir", temp.resolve("state").toString());
    settings.put("dtma.disk-path", temp.toString());
    settings.put("dtma.extra-labels", "droplet=7");
    settings.put("dtma.retry-first", "20ms");
    settings.put("dtma.retry-cap", "100ms");
    settings.put("dtma.refused-retry-cap", "100ms");
    settings.put("dtma.tool-retry-first", "20ms");
    settings.put("dtma.tool-retry-cap", "100ms");
    settings.put("dtma.facts-every", "100ms");
  }

  @AfterEach
  void stopEverything() throws Exception {
    agents.close();
    gateway.close();
  }

  Agent start() {
    return agents.start(settings);
  }

  StateFile stateFile() {
    return new StateFile(temp.resolve("state"));
  }

  String status(String tool) {
    return gateway.reported(tool).path("status").asText();
  }

  /** As the gateway does: the agent's body, with what the gateway knows, is the event. */
  <T> T readAs(Class<T> event, String call) throws IOException {
    var body = (com.fasterxml.jackson.databind.node.ObjectNode) gateway.last(call).deepCopy();
    body.put("toolboxId", io.agentopia.toolbox.agent.tools.Samples.TOOLBOX.toString());
    body.put("accountId", "acct-demo").put("generation", 1);
    return EventCodec.mapper().treeToValue(body, event);
  }

  static WantedTool withPorts(WantedTool tool, Port... ports) {
    return wanted(
        tool.toolInstanceId(),
        tool.name(),
        tool.image(),
        tool.desired(),
        tool.revision(),
        tool.restarts(),
        List.of(ports));
  }

  static void soon(org.awaitility.core.ThrowingRunnable fact) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(20)).ignoreExceptions().untilAsserted(fact);
  }
}
