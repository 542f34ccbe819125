package io.agentopia.toolbox.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.EventSize;
import io.agentopia.toolbox.events.EventTooLargeException;
import io.agentopia.toolbox.events.EventTypes;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle.ToolRemoved;
import io.agentopia.toolbox.events.ToolLifecycle.ToolStatusChanged;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxDeleted;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.messaging.Preview;
import io.agentopia.toolbox.runtime.messaging.Rehearsal;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.TestBus;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the broker will never take stands aside as a dead letter: it holds up nobody else, its own
 * toolbox for minutes, and comes back in its old place by a replay. Rows are put into the outbox by
 * hand, as a defect of ours or another release would.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class RefusedEventsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LETTERS = Topics.deadLetters("deployer-service", Topics.OUTBOX);
  private static final String REPLAY = Topics.replay("deployer-service", Topics.OUTBOX);

  @Inject DataSource database;
  @Inject Outbox outbox;
  @Inject Rehearsal rehearsal;
  @Inject VertxContexts contexts;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  private final UUID toolbox = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();

  private static String headers(Class<? extends Event> type, UUID id, UUID toolbox) {
    return """
        {"ce_specversion":"1.0","ce_id":"%s","ce_source":"/test","ce_type":"%s","ce_time":"%s",\
        "ce_subject":"%s","content-type":"application/json"}"""
        .formatted(id, EventTypes.typeOf(type), Instant.now(), toolbox);
  }

  private UUID put(String topic, UUID toolbox, Class<? extends Event> type, int bytes)
      throws SQLException {
    var id = UUID.randomUUID();
    put(id, topic, toolbox, headers(type, id, toolbox), bytes);
    return id;
  }

  private void put(UUID id, String topic, UUID toolbox, String headers, int bytes)
      throws SQLException {
    try (var connection = database.getConnection();
        var insert =
            connection.prepareStatement(
                "insert into outbox (event_id, topic, key, headers, body, created_at)"
                    + " values (?, ?, ?, ?, ?, now())")) {
      insert.setObject(1, id);
      insert.setString(2, topic);
      insert.setString(3, toolbox.toString());
      insert.setString(4, headers);
      insert.setString(5, "{\"padding\":\"" + "x".repeat(bytes) + "\"}");
      insert.executeUpdate();
    }
  }

  private boolean is(String what, UUID event) throws SQLException {
    try (var connection = database.getConnection();
        var select =
            connection.prepareStatement(
                "select " + what + " is not null from outbox where event_id = ?")) {
      select.setObject(1, event);
      var rows = select.executeQuery();
      return rows.next() && rows.getBoolean(1);
    }
  }

  private void awaitPublished(UUID event) {
    await().atMost(PATIENCE).until(() -> is("published_at", event));
  }

  private void awaitRefused(UUID event) {
    await().atMost(PATIENCE).until(() -> is("refused_at", event));
  }

  private static List<ConsumerRecord<String, byte[]>> letters(UUID event) {
    return TestBus.get().records(LETTERS).stream()
        .filter(r -> event.toString().equals(TestBus.headers(r).get(EventCodec.ID)))
        .toList();
  }

  private static String code(UUID event) {
    await().atMost(PATIENCE).until(() -> !letters(event).isEmpty());
    return TestBus.headers(letters(event).getFirst()).get("x-retry-code");
  }

  private void replay(UUID event) {
    TestBus.get()
        .publish(REPLAY, toolbox.toString(), Map.of(EventCodec.ID, event.toString()), new byte[0]);
  }

  private void tenMinutesPass(UUID refused) throws SQLException {
    try (var connection = database.getConnection();
        var update =
            connection.prepareStatement(
                "update outbox set refused_at = refused_at - interval '10 minutes' where event_id = ?")) {
      update.setObject(1, refused);
      update.executeUpdate();
    }
  }

  @Test
  void oneThatIsTooLargeHoldsUpItsOwnToolboxForMinutesAndNobodyElse() throws Exception {
    var tooLarge = put(Topics.TOOL_LIFECYCLE, toolbox, ToolStatusChanged.class, 3 << 20);
    awaitRefused(tooLarge);
    var later = put(Topics.TOOL_LIFECYCLE, toolbox, ToolRemoved.class, 10);
    var deletion = put(Topics.TOOLBOX_LIFECYCLE, toolbox, ToolboxDeleted.class, 10);
    var others =
        IntStream.range(0, 300)
            .mapToObj(
                i -> {
                  try {
                    return put(Topics.TOOL_LIFECYCLE, UUID.randomUUID(), ToolRemoved.class, 10);
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .toList();

    awaitPublished(others.getLast());
    awaitPublished(deletion);
    assertThat(is("published_at", later)).isFalse();
    assertThat(is("published_at", tooLarge)).isFalse();
    assertThat(code(tooLarge)).isEqualTo("record_too_large");
    tenMinutesPass(tooLarge);
    awaitPublished(later);
    assertThat(letters(tooLarge)).hasSize(1);
  }

  /** Refused by the broker, not by the client: the topic takes less than it should. */
  @Test
  void replayedItTakesItsOldPlaceAheadOfWhatWaited() throws Exception {
    var topic = "narrow.events";
    try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrapServers))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic, 1, (short) 1).configs(Map.of("max.message.bytes", "20000"))))
          .all()
          .get();
      var refused = put(topic, toolbox, ToolStatusChanged.class, 40_000);
      var waiting = put(topic, toolbox, ToolRemoved.class, 10);
      var free = put(topic, other, ToolRemoved.class, 10);

      assertThat(code(refused)).isEqualTo("record_too_large");
      awaitPublished(free);
      assertThat(is("published_at", waiting)).isFalse();
      assertThat(letters(refused).getFirst().value()).hasSizeGreaterThan(40_000);
      assertThat(rehearsed(refused).effect()).isEqualTo(Preview.Effect.WOULD_ACT);

      var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      var wider = new ConfigEntry("max.message.bytes", "100000");
      admin
          .incrementalAlterConfigs(
              Map.of(resource, List.of(new AlterConfigOp(wider, AlterConfigOp.OpType.SET))))
          .all()
          .get();
      replay(refused);
      replay(refused);
      awaitPublished(waiting);
      assertThat(
              TestBus.get().records(topic).stream()
                  .filter(r -> toolbox.toString().equals(r.key()))
                  .map(r -> TestBus.headers(r).get(EventCodec.ID)))
          .containsExactly(refused.toString(), waiting.toString());
      assertThat(rehearsed(refused).effect()).isEqualTo(Preview.Effect.NOTHING_TO_DO);
    }
  }

  private Preview rehearsed(UUID event) {
    return contexts
        .run(
            () -> rehearsal.of(Topics.OUTBOX, Map.of(EventCodec.ID, event.toString()), new byte[0]))
        .join();
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere.events, topic_unknown",
    "no topic at all!, topic_invalid",
    "'', topic_invalid"
  })
  void aTopicThatCannotTakeIt(String topic, String code) throws Exception {
    var refused = put(topic, toolbox, ToolRemoved.class, 10);
    var free = put(Topics.TOOL_LIFECYCLE, other, ToolRemoved.class, 10);
    awaitPublished(free);
    assertThat(code(refused)).isEqualTo(code);
  }

  @Test
  void headersThatNobodyCanReadAreTheRowsOwnMatter() throws Exception {
    var refused = UUID.randomUUID();
    put(refused, Topics.TOOL_LIFECYCLE, toolbox, "no json", 10);
    var free = put(Topics.TOOL_LIFECYCLE, other, ToolRemoved.class, 10);
    awaitPublished(free);
    awaitRefused(refused);
  }

  /**
   * Fifty megabytes: what one look holds in memory is bounded, and nothing of it is left behind.
   */
  @Test
  void manyLargeOnesLeaveALittleAtATime() throws Exception {
    UUID last = null;
    for (var i = 0; i < 50; i++) {
      last = put(Topics.TOOL_LIFECYCLE, UUID.randomUUID(), ToolRemoved.class, EventSize.REQUEST);
    }
    awaitPublished(last);
  }

  private static ToolDeployRequested wish(UUID toolbox, int bytes) {
    var spec =
        new ToolSpec(
            "docker.io/library/debian:bookworm-slim",
            List.of(),
            Map.of("DATA", "\u20ac".repeat(bytes / 3) + "x".repeat(bytes % 3)),
            List.of(),
            64,
            0.1,
            false);
    return new ToolDeployRequested(
        new Subject(toolbox, "acct-1", 0, 1),
        UUID.fromString("00000000-0000-0000-0000-000000000001"),
        "t",
        spec);
  }

  private static int bodyBytes(Event event) {
    return EventCodec.encode(new EventEnvelope(UUID.randomUUID(), "/t", Instant.EPOCH, null, event))
        .body()
        .length;
  }

  private UUID append(Event event) {
    contexts.run(() -> Panache.withTransaction(() -> outbox.append(null, List.of(event)))).join();
    return event.toolboxId();
  }

  @Test
  void theLargestThatIsStoredIsPublished() throws Exception {
    var bytes = EventSize.BODY - bodyBytes(wish(toolbox, 0));
    append(wish(toolbox, bytes));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                !TestBus.get()
                    .events(Topics.TOOL_REQUESTS, toolbox, ToolDeployRequested.class)
                    .isEmpty());
  }

  @Test
  void oneByteMoreIsNotStoredWhateverMadeIt() {
    var bytes = EventSize.BODY - bodyBytes(wish(toolbox, 0)) + 1;
    var thrown = catchThrowable(() -> append(wish(toolbox, bytes)));
    assertThat(thrown).isInstanceOf(CompletionException.class);
    assertThat(thrown.getCause())
        .isInstanceOfSatisfying(
            EventTooLargeException.class,
            e -> {
              assertThat(e.field()).isEqualTo("spec.environment.DATA");
              assertThat(e.bytes()).isEqualTo(EventSize.BODY + 1);
            });
  }
}
