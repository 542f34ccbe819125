package io.agentopia.toolbox.agent.lifecycle;

import static io.agentopia.toolbox.agent.tools.Samples.IMAGE;
import static io.agentopia.toolbox.agent.tools.Samples.SEARCH;
import static io.agentopia.toolbox.agent.tools.Samples.mail;
import static io.agentopia.toolbox.agent.tools.Samples.search;
import static io.agentopia.toolbox.agent.tools.Samples.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.docker.Labels;
import io.agentopia.toolbox.agent.tools.Port;
import io.agentopia.toolbox.events.AgentEvent;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The manifest becomes containers, whatever happens to them. */
class AgentRunsToolsTest extends LiveAgentTest {

  @Test
  void the_manifest_becomes_containers_and_a_report_says_so() throws Exception {
    gateway.wants(1, withPorts(search(), new Port(8080, OTHERS_PORT, "tcp")));
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER);
    assertThat(docker.networkNames()).containsExactly("toolbox-0000bbcc");
    assertThat(docker.labelsOf(SEARCH_CONTAINER))
        .containsEntry(Labels.TOOL_INSTANCE, SEARCH.toString())
        .containsEntry("droplet", "7");
    soon(
        () ->
            assertThat(gateway.last("report").path("appliedManifestGeneration").asLong())
                .isEqualTo(1));
    var report = readAs(AgentEvent.AgentReport.class, "report");
    assertThat(report.tools())
        .singleElement()
        .satisfies(
            t -> {
              assertThat(t.status()).isEqualTo("running");
              assertThat(t.revision()).isEqualTo(1);
              assertThat(t.ports())
                  .singleElement()
                  .satisfies(p -> assertThat(p.hostPort()).isEqualTo(OTHERS_PORT));
            });
  }

  @Test
  void a_missing_image_is_pulled() {
    docker.withRemoteImage("remote:1");
    gateway.wants(1, wanted(SEARCH, "search", "remote:1", "running", 1, 0));
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    assertThat(docker.calls()).containsOnlyOnce("pull remote:1");
  }

  @Test
  void one_tools_endless_pull_does_not_hold_up_another_nor_the_heartbeats() {
    docker.withRemoteImage("remote:1");
    var hold = new CountDownLatch(1);
    docker.hangPulls(hold);
    gateway.wants(1, wanted(SEARCH, "search", "remote:1", "running", 1, 0), mail());
    start();
    soon(() -> assertThat(status("mail")).isEqualTo("running"));
    assertThat(status("search")).isEqualTo("pulling");
    var beats = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(beats));
    hold.countDown();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
  }

  @Test
  void an_image_that_does_not_exist_fails_one_tool_with_its_code() {
    gateway.wants(1, wanted(SEARCH, "search", "nowhere:1", "running", 1, 0), mail());
    start();
    soon(
        () ->
            assertThat(gateway.reported("search").path("errorCode").asText())
                .isEqualTo("image_not_found"));
    soon(() -> assertThat(status("mail")).isEqualTo("running"));
    assertThat(gateway.reported("search").path("message").asText()).contains("nowhere:1");
    soon(
        () ->
            assertThat(gateway.last("report").path("appliedManifestGeneration").asLong())
                .isEqualTo(1));
  }

  @Test
  void a_failed_start_is_tried_again_until_it_works() {
    docker.occupyPort(OTHERS_PORT);
    gateway.wants(1, withPorts(search(), new Port(8080, OTHERS_PORT, "tcp")));
    start();
    soon(
        () ->
            assertThat(gateway.reported("search").path("errorCode").asText())
                .isEqualTo("start_failed"));
    docker.freePort(OTHERS_PORT);
    soon(() -> assertThat(status("search")).isEqualTo("running"));
  }

  @Test
  void a_new_revision_replaces_the_container() {
    gateway.wants(1, search());
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    gateway.wants(2, wanted(SEARCH, "search", IMAGE, "running", 2, 0));
    soon(() -> assertThat(gateway.reported("search").path("revision").asLong()).isEqualTo(2));
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    assertThat(docker.names()).containsExactly(SEARCH_CONTAINER);
    assertThat(docker.labelsOf(SEARCH_CONTAINER)).containsEntry(Labels.REVISION, "2");
  }

  @Test
  void a_new_revision_that_cannot_start_leaves_the_old_one_running() {
    gateway.wants(1, search());
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    docker.occupyPort(OTHERS_PORT);
    var broken =
        wanted(SEARCH, "search", IMAGE, "running", 2, 0, List.of(new Port(80, OTHERS_PORT, "tcp")));
    gateway.wants(2, broken);
    soon(
        () ->
            assertThat(gateway.reported("search").path("errorCode").asText())
                .isEqualTo("start_failed"));
    soon(() -> assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER));
    assertThat(docker.labelsOf(SEARCH_CONTAINER)).containsEntry(Labels.REVISION, "1");
    assertThat(gateway.reported("search").path("revision").asLong()).isEqualTo(2);
  }

  @Test
  void a_restart_asked_for_happens_once_even_over_a_restart_of_the_agent() throws Exception {
    gateway.wants(1, search());
    var agent = start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    gateway.wants(2, wanted(SEARCH, "search", IMAGE, "running", 1, 1));
    soon(() -> assertThat(gateway.reported("search").path("restarts").asLong()).isEqualTo(1));
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    agent.stop();
    var reports = gateway.calls("report").size();
    start();
    soon(() -> assertThat(gateway.calls("report")).hasSizeGreaterThan(reports));
    assertThat(docker.startsOf(SEARCH_CONTAINER)).isEqualTo(2);
  }

  @Test
  void a_tool_is_stopped_and_started_as_wanted() {
    gateway.wants(1, search());
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    gateway.wants(2, wanted(SEARCH, "search", IMAGE, "stopped", 1, 0));
    soon(() -> assertThat(status("search")).isEqualTo("stopped"));
    assertThat(docker.runningNames()).isEmpty();
    gateway.wants(3, search());
    soon(() -> assertThat(status("search")).isEqualTo("running"));
  }

  @Test
  void a_container_removed_by_hand_is_made_again() {
    gateway.wants(1, search());
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    var before = gateway.reported("search").path("containerId").asText();
    docker.removeByHand(SEARCH_CONTAINER);
    soon(() -> assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER));
    soon(
        () ->
            assertThat(gateway.reported("search").path("containerId").asText())
                .isNotEqualTo(before));
  }

  @Test
  void a_tool_that_left_the_manifest_goes_and_strangers_stay() {
    docker.addForeign("postgres");
    gateway.wants(1, search(), mail());
    start();
    soon(() -> assertThat(docker.runningNames()).contains(SEARCH_CONTAINER, MAIL_CONTAINER));
    gateway.wants(2, mail());
    soon(() -> assertThat(docker.names()).containsExactly("postgres", MAIL_CONTAINER));
    soon(() -> assertThat(gateway.last("report").path("tools")).hasSize(1));
    assertThat(docker.calls()).noneMatch(c -> c.contains("postgres"));
  }

  @Test
  void a_crash_loop_is_reported_with_exit_code_and_log() {
    gateway.wants(1, search(), mail());
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    docker.crash(SEARCH_CONTAINER, 3, 4);
    soon(() -> assertThat(status("search")).isEqualTo("failed"));
    var tool = gateway.reported("search");
    assertThat(tool.path("errorCode").asText()).isEqualTo("exited");
    assertThat(tool.path("exitCode").asInt()).isEqualTo(3);
    assertThat(tool.path("restartCount").asInt()).isEqualTo(4);
    assertThat(tool.path("logTail").asText()).endsWith("oops\n");
    assertThat(status("mail")).isEqualTo("running");
  }

  @Test
  void with_docker_away_tools_fail_with_that_code_and_recover() {
    docker.goAway();
    gateway.wants(1, search());
    start();
    soon(
        () ->
            assertThat(gateway.reported("search").path("errorCode").asText())
                .isEqualTo("docker_unavailable"));
    soon(
        () ->
            assertThat(gateway.last("heartbeat").path("dockerReachable").asBoolean(true))
                .isFalse());
    docker.comeBack();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
  }
}
