package io.agentopia.toolbox.agent.lifecycle;

import static io.agentopia.toolbox.agent.tools.Samples.mail;
import static io.agentopia.toolbox.agent.tools.Samples.search;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.agent.backend.FakeGateway;
import io.agentopia.toolbox.agent.identity.InboundKey;
import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.Measurement;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What an agent and the control plane tell each other. */
class AgentTalksTest extends LiveAgentTest {

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
}
