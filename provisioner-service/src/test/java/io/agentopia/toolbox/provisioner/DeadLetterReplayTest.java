package io.agentopia.toolbox.provisioner;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.InMemoryCloud;
import io.agentopia.toolbox.provisioner.cloud.Tags;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.agentopia.toolbox.testing.Told;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What is given up can be replayed, says beforehand what it would do, and does it once. */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class DeadLetterReplayTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String DEAD =
      Topics.deadLetters("provisioner-service", Topics.TOOLBOX_REQUESTS);
  private static final String REPLAY =
      Topics.replay("provisioner-service", Topics.TOOLBOX_REQUESTS);
  private final TestBus bus = TestBus.get();
  private final UUID id = UUID.randomUUID();

  @Inject InMemoryCloud cloud;

  @Test
  void aRefusedRequestIsADeadLetterAndItsReplayMakesOneDroplet() {
    var letter = refused();
    assertThat(TestBus.headers(letter))
        .containsEntry("x-retry-code", "cloud_credentials_refused")
        .containsEntry("x-retry-cause", "HTTP 401")
        .containsEntry("x-retry-attempt", "1");

    preview(letter)
        .body("[0].effect", equalTo("would_act"))
        .body(
            "[0].summary",
            equalTo(
                "would ask the cloud for a droplet for toolbox "
                    + id
                    + "; not tried: whether what failed is mended (cloud_credentials_refused)"));
    assertThat(status())
        .as("a dry run changes nothing")
        .isEqualTo(ToolboxStatus.ERROR_PROVISIONING);

    replay(letter);
    awaitStatus(ToolboxStatus.AWAITING_HEARTBEAT);
    preview(letter)
        .body("[0].effect", equalTo("nothing_to_do"))
        .body("[0].summary", containsString("already done"));

    var eventsBefore = lifecycle().size();
    replay(letter);
    replay(letter);
    awaitHandled();
    assertThat(lifecycle()).hasSize(eventsBefore);
    assertThat(cloud.live(Tags.of(id))).hasSize(1);
    assertThat(cloud.attempts("toolbox-" + id + "-g2")).isEqualTo(1);
  }

  @Test
  void aReplayThatFailsAgainIsANewLetter() {
    var letter = refused();
    refuseNext();
    replay(letter);
    await().atMost(PATIENCE).until(() -> letters().size() == 2);
    var ids = letters().stream().map(r -> TestBus.headers(r).get("ce_id")).distinct().toList();
    assertThat(ids).hasSize(2);
  }

  @Test
  void aLetterAboutADeletedToolboxIsStale() {
    var letter = refused();
    bus.publish(Told.toolboxDeletionRequested(new Subject(id, "acct-1", 0, 0), false, null));
    awaitStatus(ToolboxStatus.DEPROVISIONED);

    preview(letter)
        .body("[0].effect", equalTo("nothing_to_do"))
        .body("[0].summary", equalTo("stale: toolbox deleted since"));
    replay(letter);
    awaitHandled();
    assertThat(status()).isEqualTo(ToolboxStatus.DEPROVISIONED);
    assertThat(cloud.live(Tags.of(id))).isEmpty();
  }

  @Test
  void aRehearsalTellsWhatWouldBePublishedAndLeavesNoTrace() {
    var event =
        Told.toolboxRequested(new Subject(id, "acct-1", 0, 0), "dry-" + id, "nyc3", "s-1vcpu-1gb");
    var wire =
        EventCodec.encode(
            new EventEnvelope(UUID.randomUUID(), "/test", Instant.now(), null, event));

    for (int i = 0; i < 2; i++) {
      preview(Topics.TOOLBOX_REQUESTS, wire.headers(), wire.body())
          .body("[0].effect", equalTo("would_act"))
          .body("[0].summary", equalTo("would publish ToolboxAccepted about toolbox " + id));
    }
    assertThat(lifecycle()).isEmpty();
  }

  @Test
  void whatWouldFailAgainOrCannotBeReadSaysSo() {
    var foreign = Told.toolboxDeletionRequested(new Subject(id, "acct-1", 0, 0), false, null);
    var wire =
        EventCodec.encode(
            new EventEnvelope(UUID.randomUUID(), "/test", Instant.now(), null, foreign));
    preview(Topics.TOOLBOX_REQUESTS, wire.headers(), wire.body())
        .body("[0].effect", equalTo("would_fail"))
        .body("[0].summary", containsString("unknown_toolbox"));
    preview(Topics.TOOLBOX_REQUESTS, wire.headers(), new byte[] {'{'})
        .body("[0].effect", equalTo("unreadable"));
    preview(Topics.TOOL_REQUESTS, wire.headers(), wire.body())
        .body("[0].effect", equalTo("would_fail"));
  }

  private ConsumerRecord<String, byte[]> refused() {
    refuseNext();
    bus.publish(
        Told.toolboxRequested(
            new Subject(id, "acct-1", 0, 0), "refused-" + id, "nyc3", "s-1vcpu-1gb"));
    awaitStatus(ToolboxStatus.ERROR_PROVISIONING);
    await().atMost(PATIENCE).until(() -> letters().size() == 1);
    return letters().getFirst();
  }

  private void refuseNext() {
    cloud.nextCreate(
        r -> new Created.Refused("cloud_credentials_refused", "HTTP 401", "Check the token."));
  }

  private List<ConsumerRecord<String, byte[]>> letters() {
    return bus.records(DEAD).stream().filter(r -> id.toString().equals(r.key())).toList();
  }

  private void replay(ConsumerRecord<String, byte[]> letter) {
    var headers = new HashMap<>(TestBus.headers(letter));
    headers.keySet().removeIf(name -> name.startsWith("x-retry-"));
    bus.publish(REPLAY, letter.key(), headers, letter.value());
  }

  /**
   * The replay topic is read in order: once a later event about the toolbox is handled, all are.
   */
  private void awaitHandled() {
    var marker = UUID.randomUUID();
    var event =
        Told.toolboxRequested(
            new Subject(marker, "acct-1", 0, 0), "marker-" + marker, "mars1", "s-1vcpu-1gb");
    var wire =
        EventCodec.encode(
            new EventEnvelope(UUID.randomUUID(), "/test", Instant.now(), null, event));
    bus.publish(REPLAY, id.toString(), wire.headers(), wire.body());
    await().atMost(PATIENCE).until(() -> !bus.events(Topics.TOOLBOX_LIFECYCLE, marker).isEmpty());
  }

  private static ValidatableResponse preview(ConsumerRecord<String, byte[]> letter) {
    return preview(Topics.TOOLBOX_REQUESTS, TestBus.headers(letter), letter.value());
  }

  private static ValidatableResponse preview(
      String topic, Map<String, String> headers, byte[] body) {
    var letter = Map.of("id", "1", "topic", topic, "headers", headers, "body", body);
    return given()
        .header("Authorization", "Bearer internal-test-key")
        .contentType("application/json")
        .body(List.of(letter))
        .post("/internal/replay-previews")
        .then()
        .statusCode(200);
  }

  private List<Event> lifecycle() {
    return bus.events(Topics.TOOLBOX_LIFECYCLE, id);
  }

  private ToolboxStatus status() {
    return ((ToolboxLifecycle) lifecycle().getLast()).status();
  }

  private void awaitStatus(ToolboxStatus status) {
    await().atMost(PATIENCE).until(() -> !lifecycle().isEmpty() && status() == status);
  }
}
