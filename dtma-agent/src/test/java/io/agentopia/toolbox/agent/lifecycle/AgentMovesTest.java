package io.agentopia.toolbox.agent.lifecycle;

import static io.agentopia.toolbox.agent.tools.Samples.IMAGE;
import static io.agentopia.toolbox.agent.tools.Samples.search;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.agent.backend.FakeGateway;
import io.agentopia.toolbox.agent.docker.InMemoryDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole agent is asked to run from another image; the droplet's script is the test. */
class AgentMovesTest {
  private static final String OLD = "docker.io/agentopia/dtma@sha256:" + "4a".repeat(32);
  private static final String NEW = "docker.io/agentopia/dtma@sha256:" + "7c".repeat(32);
  private static final String NEW_ELSEWHERE = "ghcr.io/agentopia/dtma@sha256:" + "7c".repeat(32);

  @TempDir Path temp;
  private final InMemoryDocker docker = new InMemoryDocker().withImage(IMAGE);
  private final Map<String, String> settings = new HashMap<>();
  private final LiveAgents agents = new LiveAgents(docker);
  private FakeGateway gateway;

  @BeforeEach
  void aGateway() throws IOException {
    gateway = new FakeGateway().wants(1, search());
    settings.put("dtma.backend-url", gateway.address().toString());
    settings.put("dtma.join-token", FakeGateway.JOIN_TOKEN);
    settings.put("dtma.state-dir", temp.resolve("state").toString());
    settings.put("dtma.disk-path", temp.toString());
    settings.put("dtma.facts-every", "100ms");
    settings.put("dtma.image", OLD);
    settings.put("dtma.upgrade-retry-first", "20ms");
  }

  @AfterEach
  void stopEverything() throws Exception {
    agents.close();
    gateway.close();
  }

  @Test
  void it_says_what_it_runs_from_confirms_it_and_moves_to_what_is_wanted() throws Exception {
    docker.withRemoteImage(NEW_ELSEWHERE);
    var first = start();
    soon(() -> assertThat(upgrade("confirmed")).hasContent(OLD));
    soon(() -> assertThat(docker.runningNames()).hasSize(1));
    assertThat(gateway.last("heartbeat").path("agentImage").asText()).isEqualTo(OLD);
    assertThat(gateway.last("heartbeat").has("upgrade")).isFalse();

    gateway.wantsAgentImage(NEW, NEW_ELSEWHERE);
    soon(() -> assertThat(agents.exits()).containsExactly(Agent.EXIT_RESTART));
    assertThat(upgrade("next")).hasContent(NEW_ELSEWHERE);
    assertThat(outcomes()).containsSubsequence("pulling", "starting");
    first.stop();
    assertThat(docker.runningNames()).as("tools run on").hasSize(1);

    dropletTakesTheWish();
    settings.put("dtma.image", NEW_ELSEWHERE);
    var starts = docker.startsOf("0000bbcc-search");
    start();
    soon(() -> assertThat(upgrade("confirmed")).hasContent(NEW_ELSEWHERE));
    soon(() -> assertThat(lastBeat().path("agentImage").asText()).isEqualTo(NEW_ELSEWHERE));
    assertThat(lastBeat().has("upgrade")).isFalse();
    assertThat(docker.startsOf("0000bbcc-search")).isEqualTo(starts);
    assertThat(agents.exits()).hasSize(1);
  }

  @Test
  void a_pull_that_hangs_holds_up_neither_heartbeats_nor_tools() {
    var hold = new CountDownLatch(1);
    docker.hangPulls(hold);
    docker.withRemoteImage(NEW);
    gateway.wantsAgentImage(NEW);
    start();
    soon(() -> assertThat(outcomes()).contains("pulling"));
    var beats = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(beats + 1));
    soon(() -> assertThat(docker.runningNames()).hasSize(1));
    assertThat(docker.calls()).containsOnlyOnce("pull " + NEW);
    hold.countDown();
    soon(() -> assertThat(agents.exits()).containsExactly(Agent.EXIT_RESTART));
  }

  @Test
  void what_cannot_be_pulled_is_told_and_the_agent_lives_on() {
    gateway.wantsAgentImage(NEW);
    var agent = start();
    soon(() -> assertThat(outcomes()).contains("failed"));
    assertThat(lastBeat().path("upgrade").path("reason").asText()).contains("3 tries", NEW);
    var beats = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(beats + 1));
    assertThat(docker.calls().stream().filter(c -> c.equals("pull " + NEW))).hasSize(3);
    assertThat(agents.exits()).isEmpty();
    assertThat(agent.upgrade().orElseThrow().image()).isEqualTo(NEW);
  }

  @Test
  void an_image_that_the_droplet_gave_up_is_told_and_not_tried_again() throws Exception {
    docker.withRemoteImage(NEW);
    gateway.wantsAgentImage(NEW);
    var first = start();
    soon(() -> assertThat(agents.exits()).hasSize(1));
    first.stop();
    dropletTakesTheWish();
    Files.writeString(
        upgrade("failed"), NEW + "\nthe agent of this image ended 3 times (exit code 1)\n");
    start();
    soon(() -> assertThat(lastBeat().path("upgrade").path("outcome").asText()).isEqualTo("failed"));
    assertThat(lastBeat().path("upgrade").path("reason").asText()).contains("ended 3 times");
    assertThat(lastBeat().path("agentImage").asText()).isEqualTo(OLD);
    var beats = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(beats + 1));
    assertThat(agents.exits()).hasSize(1);
  }

  @Test
  void an_agent_that_does_not_know_its_image_says_that_it_cannot_move() {
    settings.put("dtma.image", "docker.io/agentopia/dtma:latest");
    gateway.wantsAgentImage(NEW);
    start();
    soon(
        () ->
            assertThat(lastBeat().path("upgrade").path("reason").asText()).contains("DTMA_IMAGE"));
    assertThat(lastBeat().has("agentImage")).isFalse();
    assertThat(agents.exits()).isEmpty();
  }

  private void dropletTakesTheWish() throws IOException {
    Files.delete(upgrade("next"));
  }

  private List<String> outcomes() {
    return gateway.calls("heartbeat").stream()
        .map(c -> c.body().path("upgrade").path("outcome").asText())
        .filter(o -> !o.isEmpty())
        .distinct()
        .toList();
  }

  private JsonNode lastBeat() {
    return gateway.last("heartbeat");
  }

  private Path upgrade(String file) {
    return temp.resolve("state/upgrade").resolve(file);
  }

  private Agent start() {
    return agents.start(settings);
  }

  private static void soon(org.awaitility.core.ThrowingRunnable fact) {
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions()
        .untilAsserted(fact);
  }
}
