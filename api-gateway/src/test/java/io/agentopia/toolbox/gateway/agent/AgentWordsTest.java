package io.agentopia.toolbox.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Measurement;
import io.agentopia.toolbox.events.UpgradeOutcome;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.runtime.http.ProblemException;
import io.agentopia.toolbox.testing.Hostile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an agent sends, an event of it is one that every consumer and database takes. */
class AgentWordsTest {
  private static final int LARGEST_EVENT = 1100 * 1024;
  private static final Agent AGENT = new Agent(UUID.randomUUID(), "acct-1", 1);
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whateverABeatSaysItIsABeat() {
    Hostile.each(
        Hostile.soundBeat(),
        json -> {
          var beat = AgentWords.heartbeat(AGENT, bytes(json));
          isSound(beat.event());
          if (beat.inboundKeyIds() != null) {
            assertThat(beat.inboundKeyIds()).hasSizeLessThanOrEqualTo(8);
          }
        });
  }

  @Test
  void whateverAReportSaysItIsOneAndOfItsOwnToolbox() {
    Hostile.each(
        Hostile.soundReport(),
        json -> {
          try {
            isSound(AgentWords.report(AGENT, bytes(json), NOW));
          } catch (ProblemException e) {
            assertThat(e.problem().errors())
                .as(json)
                .allMatch(error -> List.of("observedAt", "tools").contains(error.field()));
          }
        });
  }

  private static void isSound(Event event) {
    assertThat(event.toolboxId()).isEqualTo(AGENT.toolboxId());
    assertThat(event.accountId()).isEqualTo(AGENT.accountId());
    assertThat(event.generation()).isEqualTo(AGENT.generation());
    var wire = EventCodec.encode(new EventEnvelope(UUID.randomUUID(), "/t", NOW, null, event));
    assertThat(wire.body().length).isLessThan(LARGEST_EVENT);
    assertThat(EventCodec.decode(wire.headers(), wire.body()).event()).isEqualTo(event);
    try {
      textsAreHarmless(EventCodec.mapper().readTree(wire.body()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void textsAreHarmless(JsonNode node) {
    node.forEach(AgentWordsTest::textsAreHarmless);
    if (node.isTextual()) {
      assertThat(node.textValue()).hasSizeLessThanOrEqualTo(4000);
      assertThat(node.textValue().chars())
          .noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t');
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(node.textValue())).isTrue();
    }
  }

  @Test
  void whatIsInOrderComesThroughAsItIs() throws IOException {
    var json = EventCodec.mapper().writeValueAsString(Hostile.soundBeat());
    var beat = AgentWords.heartbeat(AGENT, bytes(json)).event();
    assertThat(beat.unfit()).isEmpty();
    assertThat(beat.metrics().of(Measurement.CPU_PERCENT)).hasValue(15.2);
    assertThat(beat.tools()).hasSize(1);
    assertThat(beat.agentImage()).endsWith("4a");
    assertThat(beat.upgrade().outcome()).isEqualTo(UpgradeOutcome.FAILED);
    var report =
        AgentWords.report(
            AGENT, bytes(EventCodec.mapper().writeValueAsString(Hostile.soundReport())), NOW);
    assertThat(report.tools().getFirst().ports()).hasSize(1);
    assertThat(report.tools().getFirst().logTail()).isEqualTo("a line");
  }

  /** A clock that was set back loses nothing, one that is ahead silences nothing. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 2, 1, true",
    "1, 1, 1, 2, true",
    "1, 2, 1, 1, false",
    "2, 1, 1, 4294967295, false",
    "1073741823, 4294967295, 1073741822, 4294967295, false"
  })
  void reportsAreOrderedByTheirCount(
      long start, long number, long nextStart, long nextNumber, boolean isNewer) {
    var first = report("2030-01-01T00:00:00Z", start, number);
    var next = report("2020-01-01T00:00:00Z", nextStart, nextNumber);
    assertThat(next.sequence() > first.sequence()).isEqualTo(isNewer);
    assertThat(first.sequence()).isPositive();
    assertThat(first.observedAt()).as("ahead of what can be").isEqualTo(NOW);
  }

  @Test
  void oneThatDoesNotCountIsOrderedByWhenItCameIn() {
    var report = report("2020-01-01T00:00:00Z", 0, 5);
    assertThat(report.sequence()).isZero();
    assertThat(report.observedAt()).isEqualTo(NOW);
  }

  private static AgentReport report(String observedAt, long start, long number) {
    return AgentWords.report(
        AGENT,
        bytes(
            "{\"observedAt\":\"%s\",\"start\":%d,\"number\":%d,\"tools\":[]}"
                .formatted(observedAt, start, number)),
        NOW);
  }

  /** The review's own two: a beat that stopped the batch of all, a log that no replay mended. */
  @Test
  void aDigestThatIsNoneIsAbsentAndNamed() {
    var beat = AgentWords.heartbeat(AGENT, bytes("{\"sequence\":1,\"agentImage\":\"\\u0000\"}"));
    assertThat(beat.event().agentImage()).isNull();
    assertThat(beat.event().unfit()).containsExactly("agentImage");
  }

  @Test
  void aLogWithANulIsALog() {
    var report =
        AgentWords.report(
            AGENT,
            bytes(
                """
                {"observedAt":"2026-11-23T15:00:00Z","tools":[{"toolInstanceId":
                "0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b","status":"failed","logTail":"a\\u0000b"}]}"""),
            NOW);
    assertThat(report.tools().getFirst().logTail()).isEqualTo("a\ufffdb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{", "5", "not json"})
  void whatIsNoObjectIsNoBeat(String body) {
    assertThatThrownBy(() -> AgentWords.heartbeat(AGENT, bytes(body)))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().status()).isEqualTo(400));
  }

  @Test
  void bootAndJoinSayOnlyWhatTheProtocolKnows() {
    Hostile.each(
        Hostile.soundBoot(),
        json ->
            assertThat(AgentWords.boot(bytes(json)).keySet())
                .isSubsetOf("stage", "detail", "logTail"));
    Hostile.each(
        Hostile.soundJoin(),
        json ->
            assertThat(AgentWords.join(bytes(json)).keySet())
                .isSubsetOf("nonce", "agentVersion", "hostname", "bootId", "agentPort"));
    assertThat(AgentWords.join(bytes("{\"joinToken\":\"another's\"}"))).isEmpty();
  }
}
