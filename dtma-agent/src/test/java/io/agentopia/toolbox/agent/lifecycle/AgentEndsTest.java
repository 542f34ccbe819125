package io.agentopia.toolbox.agent.lifecycle;

import static io.agentopia.toolbox.agent.tools.Samples.IMAGE;
import static io.agentopia.toolbox.agent.tools.Samples.MAIL;
import static io.agentopia.toolbox.agent.tools.Samples.mail;
import static io.agentopia.toolbox.agent.tools.Samples.search;
import static io.agentopia.toolbox.agent.tools.Samples.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.docker.InMemoryDocker;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** An agent that is started again, ends, or whose toolbox is gone. */
class AgentEndsTest extends LiveAgentTest {

  @Test
  void after_a_restart_it_joins_no_more_finds_its_tools_and_reports_once() throws Exception {
    gateway.wants(4, search());
    var first = start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    soon(
        () ->
            assertThat(stateFile().read().orElseThrow().progress().appliedManifest()).isEqualTo(4));
    var container = gateway.reported("search").path("containerId").asText();
    first.stop();
    assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER);
    settings.remove("dtma.join-token");
    var joins = gateway.calls("join").size();
    var reports = gateway.calls("report").size();
    start();
    soon(() -> assertThat(gateway.calls("report")).hasSizeGreaterThan(reports));
    assertThat(gateway.reported("search").path("containerId").asText()).isEqualTo(container);
    assertThat(gateway.calls("join")).hasSize(joins);
    assertThat(docker.startsOf(SEARCH_CONTAINER)).isEqualTo(1);
  }

  @Test
  void a_lower_manifest_generation_is_ignored_even_after_a_restart() throws Exception {
    gateway.wants(5, search());
    var first = start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    gateway.wants(4);
    gateway.announces(6);
    var fetched = gateway.calls("manifest").size();
    soon(() -> assertThat(gateway.calls("manifest")).hasSizeGreaterThan(fetched + 1));
    assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER);
    first.stop();
    var again = gateway.calls("manifest").size();
    start();
    soon(() -> assertThat(gateway.calls("manifest")).hasSizeGreaterThan(again + 1));
    assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER);
    assertThat(stateFile().read().orElseThrow().progress().highestManifest()).isEqualTo(5);
  }

  @Test
  void told_that_the_toolbox_is_gone_it_removes_its_tools_and_ends() throws Exception {
    docker.addForeign("postgres");
    gateway.wants(1, search(), mail());
    start();
    soon(() -> assertThat(docker.runningNames()).hasSize(2));
    gateway.delete();
    soon(() -> assertThat(agents.exits()).containsExactly(Agent.EXIT_DELETED));
    assertThat(docker.names()).containsExactly("postgres");
    assertThat(docker.networkNames()).isEmpty();
    assertThat(Files.readString(stateFile().path())).doesNotContain("agent-token", "inbound-key");
  }

  @Test
  void a_removal_interrupted_by_a_restart_is_finished_without_asking_again() throws Exception {
    gateway.wants(1, search());
    var first = start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    docker.goAway();
    gateway.delete();
    soon(() -> assertThat(stateFile().read().orElseThrow().membership().deleted()).isTrue());
    first.stop();
    assertThat(agents.exits()).isEmpty();
    docker.comeBack();
    var beats = gateway.calls("heartbeat").size();
    start();
    soon(() -> assertThat(agents.exits()).containsExactly(Agent.EXIT_DELETED));
    assertThat(docker.names()).isEmpty();
    assertThat(gateway.calls("heartbeat")).hasSize(beats);
  }

  @Test
  void an_agent_started_again_removes_what_the_one_before_it_pulled_and_nothing_uses()
      throws Exception {
    // So that any disk is full enough, and a moment without use is long enough.
    settings.put("dtma.disk-guard-start-percent", "0.000001");
    settings.put("dtma.disk-guard-stop-percent", "0");
    settings.put("dtma.disk-guard-every", "50ms");
    settings.put("dtma.disk-guard-minimum-age", "1h");
    docker.withRemoteImage("remote:1").withImage("somebodys:1");
    gateway.wants(1, search(), wanted(MAIL, "mail", "remote:1", "running", 1, 0));
    var first = start();
    soon(() -> assertThat(docker.runningNames()).contains(MAIL_CONTAINER));
    soon(() -> assertThat(stateFile().read().orElseThrow().pulledImages()).hasSize(1));
    first.stop();
    settings.put("dtma.disk-guard-minimum-age", "1ms");
    gateway.wants(2, search());
    var second = start();
    soon(() -> assertThat(docker.imageNames()).containsExactlyInAnyOrder(IMAGE, "somebodys:1"));
    soon(
        () ->
            assertThat(second.diskReport().freedBytesTotal())
                .isEqualTo(InMemoryDocker.IMAGE_BYTES));
    assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER);
  }

  @Test
  void it_stops_in_time_and_leaves_the_tools_running() throws Exception {
    gateway.wants(1, search(), wanted(MAIL, "mail", "remote:1", "running", 1, 0));
    docker.withRemoteImage("remote:1");
    docker.hangPulls(new CountDownLatch(1));
    var agent = start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    var began = System.nanoTime();
    agent.stop();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER);
  }
}
