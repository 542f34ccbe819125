package io.agentopia.toolbox.agent.lifecycle;

import static io.agentopia.toolbox.agent.tools.Samples.IMAGE;
import static io.agentopia.toolbox.agent.tools.Samples.MAIL;
import static io.agentopia.toolbox.agent.tools.Samples.SEARCH;
import static io.agentopia.toolbox.agent.tools.Samples.mail;
import static io.agentopia.toolbox.agent.tools.Samples.search;
import static io.agentopia.toolbox.agent.tools.Samples.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.agent.backend.FakeGateway;
import io.agentopia.toolbox.agent.docker.InMemoryDocker;
import io.agentopia.toolbox.agent.docker.Labels;
import io.agentopia.toolbox.agent.identity.InboundKey;
import io.agentopia.toolbox.agent.identity.StateFile;
import io.agentopia.toolbox.agent.tools.Port;
import io.agentopia.toolbox.agent.tools.WantedTool;
import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.Measurement;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole agent, against a gateway over HTTP and a Docker engine in memory. */
class AgentTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String SEARCH_CONTAINER = "0000bbcc-search";
  private static final String MAIL_CONTAINER = "0000bbcc-mail";
  private static final int OTHERS_PORT = 18_080;

  @TempDir Path temp;
  private final InMemoryDocker docker = new InMemoryDocker().withImage(IMAGE);
  private final Map<String, String> settings = new HashMap<>();
  private final LiveAgents agents = new LiveAgents(docker);
  private FakeGateway gateway;

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

  @Test
  void joins_with_a_nonce_that_was_stored_before_the_call() throws IOException {
    gateway.losingAnswers("join", 1_000);
    start();
    soon(() -> assertThat(gateway.calls("join")).isNotEmpty());
    var sent = gateway.last("join").path("nonce").asText();
    assertThat(sent).matches("[0-9a-f]{64}");
    assertThat(stateFile().read().orElseThrow().membership().nonce()).isEqualTo(sent);
  }

  @Test
  void a_lost_answer_to_the_join_is_asked_for_with_the_same_nonce() {
    gateway.losingAnswers("join", 2);
    start();
    soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
    assertThat(gateway.calls("join"))
        .hasSizeGreaterThanOrEqualTo(3)
        .extracting(c -> c.body().path("nonce").asText())
        .containsOnly(gateway.last("join").path("nonce").asText());
    assertThat(gateway.calls("join"))
        .extracting(FakeGateway.Call::token)
        .containsOnly("join-token-1");
  }

  @Test
  void an_agent_that_died_while_joining_repeats_the_same_join() throws Exception {
    gateway.losingAnswers("join", 1_000);
    var first = start();
    soon(() -> assertThat(gateway.calls("join")).isNotEmpty());
    first.stop();
    gateway.losingAnswers("join", 0);
    start();
    soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
    assertThat(gateway.calls("join").stream().map(c -> c.body().path("nonce").asText()).distinct())
        .hasSize(1);
  }

  @Test
  void it_calls_the_address_that_it_is_told_also_after_a_restart() throws Exception {
    try (var other = new FakeGateway()) {
      var first = start();
      soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
      gateway.tellsAddresses(other.address(), gateway.address());
      soon(() -> assertThat(other.calls("heartbeat")).isNotEmpty());
      first.stop();
      var atTheOld = gateway.calls("heartbeat").size();
      var atTheNew = other.calls("heartbeat").size();
      start();
      soon(() -> assertThat(other.calls("heartbeat")).hasSizeGreaterThan(atTheNew));
      assertThat(gateway.calls("heartbeat")).hasSize(atTheOld);
    }
  }

  @Test
  void a_wrong_address_that_it_is_told_strands_it_not() {
    start();
    soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
    gateway.tellsAddresses(URI.create("http://127.0.0.1:1"), URI.create("ftp://no.example"));
    soon(
        () ->
            assertThat(stateFile().read().orElseThrow().backendUrls())
                .containsExactly("http://127.0.0.1:1"));
    var before = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(before + 1));
  }

  @Test
  void a_refused_join_is_repeated_and_the_agent_lives_on() {
    settings.put("dtma.join-token", "wrong");
    start();
    soon(() -> assertThat(gateway.calls("join")).hasSizeGreaterThan(2));
    assertThat(gateway.calls("heartbeat")).isEmpty();
    assertThat(agents.exits()).isEmpty();
  }

  @Test
  void without_token_and_identity_it_says_so_and_ends() {
    settings.remove("dtma.join-token");
    start();
    assertThat(agents.exits()).containsExactly(Agent.EXIT_MISCONFIGURED);
  }

  @Test
  void heartbeats_carry_numbers_and_tools_that_the_gateway_can_read() throws Exception {
    gateway.wants(3, search());
    start();
    soon(() -> assertThat(gateway.last("heartbeat").path("tools").toString()).contains("running"));
    var beat = readAs(AgentEvent.AgentHeartbeat.class, "heartbeat");
    assertThat(beat.appliedManifestGeneration()).isEqualTo(3);
    assertThat(beat.dockerReachable()).isTrue();
    assertThat(beat.dockerVersion()).isEqualTo("1.0-memory");
    assertThat(beat.metrics().of(Measurement.MEMORY_TOTAL_BYTES).orElseThrow()).isPositive();
    assertThat(beat.tools())
        .singleElement()
        .satisfies(t -> assertThat(t.name()).isEqualTo("search"));
    assertThat(gateway.calls("heartbeat").getFirst().body().path("dockerReachable").asBoolean())
        .as("the first heartbeat does not cry wolf")
        .isTrue();
    var first = gateway.calls("heartbeat").getFirst().body().path("sequence").asLong();
    assertThat(first).isEqualTo(1);
  }

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
  void a_docker_engine_that_hangs_does_not_delay_heartbeats() {
    var hold = new CountDownLatch(1);
    start();
    soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
    docker.hang(hold);
    var beats = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(beats + 2));
    hold.countDown();
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
  void a_report_that_was_not_taken_is_sent_again_and_one_that_was_is_not() {
    gateway.wants(1, search()).failing("report", 3);
    start();
    soon(
        () -> {
          var newest = gateway.reportsTaken().getLast();
          assertThat(newest.path("appliedManifestGeneration").asLong()).isEqualTo(1);
          assertThat(newest.toString()).contains("running");
        });
    var sent = gateway.calls("report").size();
    assertThat(sent).isEqualTo(gateway.reportsTaken().size() + 3);
    var beats = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(beats + 1));
    assertThat(gateway.calls("report")).hasSize(sent);
  }

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
  void a_renewed_token_is_used_and_kept() throws Exception {
    start();
    soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
    gateway.renewTokenTo("agent-token-2");
    soon(() -> assertThat(gateway.calls("heartbeat").getLast().token()).isEqualTo("agent-token-2"));
    assertThat(stateFile().read().orElseThrow().identity().agentToken()).isEqualTo("agent-token-2");
  }

  @Test
  void a_token_that_ran_out_during_an_absence_is_renewed_with_a_proof_of_the_inbound_key()
      throws Exception {
    var first = start();
    soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
    first.stop();
    gateway.expireToken("agent-token-2");
    gateway.wants(1, search());
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    assertThat(gateway.calls("token")).hasSize(1);
    assertThat(stateFile().read().orElseThrow().identity().agentToken()).isEqualTo("agent-token-2");
  }

  @Test
  void the_keys_it_is_told_are_kept_and_named_in_the_next_heartbeat() throws Exception {
    start();
    soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
    gateway.rotateInboundKeys(
        new InboundKey("k2", "inbound-key-2", null),
        new InboundKey("k1", FakeGateway.INBOUND_KEY, Instant.parse("2099-01-01T00:00:00Z")));
    soon(
        () ->
            assertThat(gateway.last("heartbeat").path("inboundKeyIds"))
                .extracting(JsonNode::asText)
                .containsExactly("k2", "k1"));
    assertThat(stateFile().read().orElseThrow().identity().inboundKeys())
        .extracting(InboundKey::key)
        .containsExactly("inbound-key-2", FakeGateway.INBOUND_KEY);
  }

  @Test
  void with_a_revoked_token_the_tools_keep_running_and_it_goes_on_trying() {
    gateway.wants(1, search());
    start();
    soon(() -> assertThat(status("search")).isEqualTo("running"));
    gateway.revokeToken();
    var beats = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(beats + 3));
    assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER);
    assertThat(agents.exits()).isEmpty();
    gateway.wants(2, search(), mail());
    gateway.unrevokeToken();
    soon(() -> assertThat(docker.runningNames()).contains(MAIL_CONTAINER));
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
  void a_restart_command_is_obeyed_once() throws Exception {
    var first = start();
    soon(() -> assertThat(gateway.calls("heartbeat")).isNotEmpty());
    gateway.command("c-1", "paint_it_black");
    var beats = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(beats + 1));
    assertThat(agents.exits()).isEmpty();
    gateway.command("c-2", "restart_agent");
    soon(() -> assertThat(agents.exits()).containsExactly(Agent.EXIT_RESTART));
    first.stop();
    start();
    var later = gateway.calls("heartbeat").size();
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(later + 1));
    assertThat(agents.exits()).containsExactly(Agent.EXIT_RESTART);
  }

  @Test
  void a_wake_fetches_the_manifest_at_once() {
    var agent = start();
    // What a start fetches by itself, and what the first answer makes it fetch, is over by then.
    soon(() -> assertThat(gateway.calls("heartbeat")).hasSizeGreaterThan(2));
    gateway.wantsSilently(7, search());
    var fetched = gateway.calls("manifest").size();
    agent.wake();
    soon(() -> assertThat(docker.runningNames()).containsExactly(SEARCH_CONTAINER));
    assertThat(gateway.calls("manifest")).hasSize(fetched + 1);
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

  private Agent start() {
    return agents.start(settings);
  }

  private StateFile stateFile() {
    return new StateFile(temp.resolve("state"));
  }

  private String status(String tool) {
    return gateway.reported(tool).path("status").asText();
  }

  /** As the gateway does: the agent's body, with what the gateway knows, is the event. */
  private <T> T readAs(Class<T> event, String call) throws IOException {
    var body = (com.fasterxml.jackson.databind.node.ObjectNode) gateway.last(call).deepCopy();
    body.put("toolboxId", io.agentopia.toolbox.agent.tools.Samples.TOOLBOX.toString());
    body.put("accountId", "acct-demo").put("generation", 1);
    return EventCodec.mapper().treeToValue(body, event);
  }

  private static WantedTool withPorts(WantedTool tool, Port... ports) {
    return wanted(
        tool.toolInstanceId(),
        tool.name(),
        tool.image(),
        tool.desired(),
        tool.revision(),
        tool.restarts(),
        List.of(ports));
  }

  private static void soon(org.awaitility.core.ThrowingRunnable fact) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(20)).ignoreExceptions().untilAsserted(fact);
  }
}
