package io.agentopia.toolbox.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployStarted;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolRequest.ToolStopRequested;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class BadMessageIsSetAsideTest extends ServiceTest {
  private static final String DEAD_LETTERS =
      Topics.deadLetters("deployer-service", Topics.TOOL_REQUESTS);

  @Test
  void anUnreadableOneIsKeptByteForByteAndTheNextIsHandled() {
    healthyToolbox();
    var key = say.toolbox.toString();
    byte[] poison = {'{', (byte) 0xFF, 0, (byte) 0xC3, '(', '\n'};
    var headers =
        Map.of(
            EventCodec.ID,
            "poison-1",
            EventCodec.SOURCE,
            "/outside",
            EventCodec.TYPE,
            "io.agentopia.toolbox.ToolDeployRequested.v1",
            "x-own",
            "kept");
    bus.publish(Topics.TOOL_REQUESTS, key, headers, poison);
    bus.publish(say.deploy(search, "search", Samples.spec(IMAGE)));
    theEvent(ToolDeployStarted.class);
    var letter = letter();
    assertThat(letter.value()).isEqualTo(poison);
    assertThat(TestBus.headers(letter))
        .containsAllEntriesOf(headers)
        .containsEntry("x-retry-code", "unreadable_bad_json")
        .containsEntry("x-retry-attempt", "1")
        .hasEntrySatisfying("x-retry-cause", c -> assertThat(c).contains("ToolDeployRequested"))
        .hasEntrySatisfying("x-retry-source", s -> assertThat(s).startsWith("tool.requests/"));
  }

  @Test
  void anotherAccountsWishIsADeadLetterAndDeploysNothing() {
    healthyToolbox();
    bus.publish(
        new ToolDeployRequested(
            new Subject(say.toolbox, "somebody", 0, 0), search, "search", Samples.spec(IMAGE)));
    assertThat(TestBus.headers(letter())).containsEntry("x-retry-code", "wrong_account");
    assertThat(eventsOfThisToolbox()).isEmpty();
  }

  @Test
  void aToolOfAnotherToolboxIsNotTouched() {
    runningTool();
    var other = new Samples();
    bus.publish(other.accepted());
    bus.publish(new ToolStopRequested(new Subject(other.toolbox, other.account, 0, 0), search));
    var letter = letterAbout(other.toolbox);
    assertThat(TestBus.headers(letter)).containsEntry("x-retry-code", "wrong_toolbox");
  }

  @Test
  void anUnknownToolIsTriedAgainWhileItsToolboxIsNew() {
    healthyToolbox();
    bus.publish(say.stop(search));
    assertThat(TestBus.headers(letter()))
        .containsEntry("x-retry-code", "tool_unknown")
        .containsEntry("x-retry-attempt", "3");
  }

  @Test
  void anUnknownToolOfAToolboxLongKnownIsADeadLetterAtOnce() throws SQLException {
    healthyToolbox();
    update("update toolboxes set created_at = now() - interval '1 hour' where id = ?", say.toolbox);
    bus.publish(say.remove(UUID.randomUUID()));
    assertThat(TestBus.headers(letter()))
        .containsEntry("x-retry-code", "tool_unknown")
        .containsEntry("x-retry-attempt", "1");
  }

  private ConsumerRecord<String, byte[]> letter() {
    return letterAbout(say.toolbox);
  }

  private ConsumerRecord<String, byte[]> letterAbout(UUID toolbox) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                bus.records(DEAD_LETTERS).stream()
                    .filter(r -> toolbox.toString().equals(r.key()))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }
}
