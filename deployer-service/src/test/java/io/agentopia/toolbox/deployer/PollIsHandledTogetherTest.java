package io.agentopia.toolbox.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolLifecycle.ToolDeployStarted;
import io.agentopia.toolbox.events.ToolLifecycle.ToolRemoved;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolRequest.ToolStopRequested;
import io.agentopia.toolbox.events.ToolStatus;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.agentopia.toolbox.runtime.messaging.Inbound;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.messaging.PermanentFailure;
import io.agentopia.toolbox.runtime.messaging.TransientFailure;
import io.agentopia.toolbox.testing.EmbeddedStackResource;
import io.agentopia.toolbox.testing.Sample;
import io.agentopia.toolbox.testing.TestBus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/**
 * A poll is handled in few transactions, and yet each record counts by itself: nothing is lost,
 * doubled or put out of its toolbox's order by a bad neighbour, a crash or a rebalance.
 */
@QuarkusTest
@QuarkusTestResource(EmbeddedStackResource.class)
class PollIsHandledTogetherTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int TOOLBOXES = 5;

  @Inject Inbound inbound;
  @Inject Outbox outbox;
  @Inject DataSource database;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  private final List<UUID> toolboxes =
      IntStream.range(0, TOOLBOXES).mapToObj(i -> UUID.randomUUID()).toList();

  /** Answers each wish with an event of the same number, so the outbox tells what was handled. */
  private final class Answering implements EventHandler<ToolRequest> {
    private final Function<ToolStopRequested, Uni<Void>> first;
    private final List<String> ended = new CopyOnWriteArrayList<>();

    Answering(Function<ToolStopRequested, Uni<Void>> first) {
      this.first = first;
    }

    @Override
    public Class<ToolRequest> type() {
      return ToolRequest.class;
    }

    @Override
    public boolean isOfUse(Class<? extends Event> type) {
      return type == ToolStopRequested.class;
    }

    @Override
    public Uni<Void> handle(ToolRequest event, EventEnvelope envelope) {
      var wish = (ToolStopRequested) event;
      return first.apply(wish).chain(() -> outbox.append(null, List.of(answer(wish))));
    }

    @Override
    public void ended(String key) {
      ended.add(key);
    }
  }

  private static Event answer(ToolStopRequested wish) {
    return Sample.of(
        ToolRemoved.class,
        new Subject(wish.toolboxId(), wish.accountId(), 1, wish.sequence()),
        "toolInstanceId",
        wish.toolInstanceId(),
        "status",
        ToolStatus.REMOVED,
        "manifestGeneration",
        1,
        "name",
        "search");
  }

  private static Uni<Void> nothing() {
    return Uni.createFrom().voidItem();
  }

  private ToolStopRequested wish(int number) {
    return new ToolStopRequested(
        new Subject(toolboxes.get(number % TOOLBOXES), "acct-1", 0, number), UUID.randomUUID());
  }

  private static ConsumerRecord<String, byte[]> record(long offset, UUID id, Event event) {
    var wire = EventCodec.encode(new EventEnvelope(id, "/test", Instant.EPOCH, null, event));
    var record = new ConsumerRecord<>(Topics.TOOL_REQUESTS, 0, offset, wire.key(), wire.body());
    wire.headers().forEach((k, v) -> record.headers().add(k, v.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  private ConsumerRecords<String, byte[]> poll(List<ConsumerRecord<String, byte[]>> records) {
    return new ConsumerRecords<>(
        Map.of(new TopicPartition(Topics.TOOL_REQUESTS, 0), records), Map.of());
  }

  private List<ConsumerRecord<String, byte[]>> wishes(int number) {
    return new ArrayList<>(
        IntStream.range(0, number).mapToObj(i -> record(i, UUID.randomUUID(), wish(i))).toList());
  }

  private void receive(List<ConsumerRecord<String, byte[]>> records, EventHandler<?> handler) {
    inbound.receiveAll(poll(records), handler).await().atMost(PATIENCE);
  }

  /** The numbers that were answered for each toolbox, in the order of publishing. */
  private Map<UUID, List<Long>> answered() throws SQLException {
    var found = new LinkedHashMap<UUID, List<Long>>();
    toolboxes.forEach(t -> found.put(t, new ArrayList<>()));
    try (var connection = database.getConnection();
        var select =
            connection.prepareStatement(
                "select key, body::json ->> 'sequence' from outbox where topic = ? and key = any (?) order by id")) {
      select.setString(1, Topics.TOOL_LIFECYCLE);
      select.setArray(
          2, connection.createArrayOf("text", toolboxes.stream().map(UUID::toString).toArray()));
      var rows = select.executeQuery();
      while (rows.next()) {
        found.get(UUID.fromString(rows.getString(1))).add(rows.getLong(2));
      }
    }
    return found;
  }

  private static List<Long> expected(int toolbox, int number, long... without) {
    return IntStream.range(0, number)
        .filter(i -> i % TOOLBOXES == toolbox)
        .mapToLong(i -> i)
        .filter(i -> java.util.Arrays.stream(without).noneMatch(w -> w == i))
        .boxed()
        .toList();
  }

  private void areAnswered(int number, long... without) throws SQLException {
    var found = answered();
    for (var i = 0; i < TOOLBOXES; i++) {
      assertThat(found.get(toolboxes.get(i))).isEqualTo(expected(i, number, without));
    }
  }

  /** How many transactions stored what was handled of these. */
  private int transactions(List<ConsumerRecord<String, byte[]>> records) throws SQLException {
    var ids =
        records.stream().map(r -> UUID.fromString(TestBus.headers(r).get(EventCodec.ID))).toArray();
    try (var connection = database.getConnection();
        var select =
            connection.prepareStatement(
                "select count(distinct xmin::text) from inbox where event_id = any (?)")) {
      select.setArray(1, connection.createArrayOf("uuid", ids));
      var rows = select.executeQuery();
      rows.next();
      return rows.getInt(1);
    }
  }

  private List<ConsumerRecord<String, byte[]>> setAside(String topic) {
    return TestBus.get().records(topic).stream()
        .filter(r -> toolboxes.stream().anyMatch(t -> t.toString().equals(r.key())))
        .toList();
  }

  @Test
  void fewTransactionsAndEachToolboxInItsOrder() throws Exception {
    var handler = new Answering(w -> nothing());
    var few = wishes(12);
    receive(few, handler);
    assertThat(transactions(few)).isEqualTo(1);
    areAnswered(12);
    assertThat(handler.ended).hasSize(12);
  }

  @Test
  void manyAreHandledSideBySide() throws Exception {
    var many = wishes(200);
    receive(many, new Answering(w -> nothing()));
    assertThat(transactions(many)).isBetween(2, 8);
    areAnswered(200);
  }

  @Test
  void whatWasHandledBeforeChangesNothingNorDoesARepetitionInTheSamePoll() throws Exception {
    var records = wishes(10);
    records.addAll(List.copyOf(records.subList(2, 5)));
    receive(records, new Answering(w -> nothing()));
    receive(records, new Answering(w -> nothing()));
    areAnswered(10);
  }

  @Test
  void aBadRecordSpoilsNothing() throws Exception {
    var records = wishes(20);
    var poison = new byte[] {'{', (byte) 0xff, '\n'};
    var bad = records.get(7);
    var unreadable =
        new ConsumerRecord<>(bad.topic(), bad.partition(), bad.offset(), bad.key(), poison);
    bad.headers().forEach(unreadable.headers()::add);
    records.set(7, unreadable);
    receive(
        records,
        new Answering(
            w ->
                w.sequence() == 11
                    ? Uni.createFrom().failure(new PermanentFailure("refused", "of no use"))
                    : nothing()));

    areAnswered(20, 7, 11);
    assertThat(setAside(Topics.deadLetters("deployer-service", Topics.TOOL_REQUESTS)))
        .extracting(r -> TestBus.headers(r).get("x-retry-code"))
        .containsExactlyInAnyOrder("unreadable_bad_json", "refused");
    assertThat(setAside(Topics.deadLetters("deployer-service", Topics.TOOL_REQUESTS)))
        .anyMatch(r -> java.util.Arrays.equals(r.value(), poison));
  }

  @Test
  void oneThatFailsForNowIsTriedAgainAloneAndTheOthersAreNot() throws Exception {
    var tries = new CopyOnWriteArrayList<Long>();
    receive(
        wishes(15),
        new Answering(
            w -> {
              tries.add(w.sequence());
              return w.sequence() == 4
                  ? Uni.createFrom().failure(new TransientFailure("busy", "not now"))
                  : nothing();
            }));

    areAnswered(15, 4);
    assertThat(Collections.frequency(tries, 4L)).as("together, then alone").isEqualTo(2);
    assertThat(setAside(Topics.retry("deployer-service", Topics.TOOL_REQUESTS, 200))).hasSize(1);
  }

  @Test
  void anExceptionThatNobodyExpectedIsARecordsOwnToo() throws Exception {
    receive(
        wishes(6),
        new Answering(
            w -> {
              if (w.sequence() == 2) {
                throw new IllegalStateException("a bug");
              }
              return nothing();
            }));
    areAnswered(6, 2);
  }

  /**
   * The connection is cut in the middle of a transaction, as a crash would; then all come again.
   */
  @Test
  void aCrashInTheMiddleLeavesNothingHalfDone() throws Exception {
    var records = wishes(20);
    var cuts = new CopyOnWriteArrayList<Long>();
    receive(
        records,
        new Answering(
            w -> {
              if (w.sequence() == 9 && cuts.isEmpty()) {
                cuts.add(w.sequence());
                cutTransactions();
              }
              return nothing();
            }));
    receive(records, new Answering(w -> nothing()));

    assertThat(cuts).isNotEmpty();
    areAnswered(20);
  }

  private void cutTransactions() {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
              + " and state = 'idle in transaction' and pid <> pg_backend_pid()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsOfNoUseOpensNoTransactionAndNeedNotBeReadable() throws Exception {
    var id = UUID.randomUUID();
    var useless =
        record(
            0,
            id,
            new io.agentopia.toolbox.events.ToolRequest.ToolStartRequested(
                new Subject(toolboxes.getFirst(), "acct-1", 0, 1), UUID.randomUUID()));
    receive(List.of(useless), new Answering(w -> nothing()));
    assertThat(transactions(List.of(useless))).isZero();
  }

  /** The service's own consumers, of which partitions are taken away and given back. */
  @Test
  void aRebalanceLosesDoublesAndReordersNothing() throws Exception {
    var bus = TestBus.get();
    var say = IntStream.range(0, 8).mapToObj(i -> new Samples()).toList();
    say.forEach(s -> bus.publish(s.accepted()));
    say.forEach(s -> bus.publish(s.healthy(1)));
    for (var round = 0; round < 6; round++) {
      var healthy = round % 2 == 1;
      say.forEach(s -> bus.publish(healthy ? s.recovered(1) : s.degraded(1)));
      if (round % 2 == 0) {
        joinAndLeave();
      }
    }
    say.forEach(
        s -> bus.publish(s.deploy(UUID.randomUUID(), "search", Samples.spec(ServiceTest.IMAGE))));
    for (var s : say) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  lastHealthSequence(s.toolbox) == s.lastSequence()
                      && !bus.events(Topics.TOOL_LIFECYCLE, s.toolbox, ToolDeployStarted.class)
                          .isEmpty());
      // It may have come before the last word on health, from another topic: then it waited first.
      assertThat(bus.events(Topics.TOOL_LIFECYCLE, s.toolbox, ToolDeployStarted.class)).hasSize(1);
    }
  }

  /** A member that takes partitions, commits nothing, and goes: its records come to the service. */
  private void joinAndLeave() {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            "deployer-service",
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest");
    try (var member =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      member.subscribe(List.of(Topics.TOOLBOX_HEALTH, Topics.TOOL_REQUESTS));
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                member.poll(Duration.ofMillis(100));
                return !member.assignment().isEmpty();
              });
    }
  }

  private long lastHealthSequence(UUID toolbox) throws SQLException {
    try (var connection = database.getConnection();
        var select =
            connection.prepareStatement("select health_sequence from toolboxes where id = ?")) {
      select.setObject(1, toolbox);
      var rows = select.executeQuery();
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }
}
