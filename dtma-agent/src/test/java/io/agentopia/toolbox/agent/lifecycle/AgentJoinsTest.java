package io.agentopia.toolbox.agent.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.backend.FakeGateway;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How an agent gets to know who it is. */
class AgentJoinsTest extends LiveAgentTest {

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
}
