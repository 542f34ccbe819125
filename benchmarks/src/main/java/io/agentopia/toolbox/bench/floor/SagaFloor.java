package io.agentopia.toolbox.bench.floor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A saga of eight hops by JDBC and the Kafka client alone. At each hop a polled batch is one
 * transaction that writes inbox, state and outbox; then its events are published and only then are
 * the outbox rows done and the batch's offsets committed. A request is a transaction of its own, as
 * its requester waits for it. {@code SagaFloor <jdbc url> <bootstrap servers>}.
 */
public final class SagaFloor {
  private static final int HOPS = 8;
  private static final int REQUESTERS = 16;
  private static final byte[] EVENT =
      "{\"status\":\"provisioning\",\"region\":\"nyc3\"}".getBytes(StandardCharsets.UTF_8);

  private static final String TABLES =
      """
      create table saga (id uuid primary key, step int not null, updated_at timestamptz not null);
      create table inbox (hop int, event_id uuid, at timestamptz not null, primary key (hop, event_id));
      create table outbox (event_id uuid primary key, saga uuid not null, hop int not null,
        body bytea not null, published boolean not null default false)""";

  private final String url;
  private final String bootstrapServers;
  private final Semaphore ended = new Semaphore(0);

  private SagaFloor(String url, String bootstrapServers) {
    this.url = url;
    this.bootstrapServers = bootstrapServers;
  }

  public static void main(String[] args) throws Exception {
    var floor = new SagaFloor(args[0], args[1]);
    try (var connection = floor.connect();
        var statement = connection.createStatement()) {
      statement.execute(TABLES);
      connection.commit();
    }
    Topics.create(args[1], IntStream.range(0, HOPS).mapToObj(SagaFloor::topic).toList());
    for (var hop = 0; hop < HOPS; hop++) {
      var number = hop;
      Thread.ofPlatform().daemon().name("hop-" + hop).start(() -> floor.serve(number));
    }
    System.out.println("READY");
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (var line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("DONE " + floor.run(Integer.parseInt(line.strip())));
    }
  }

  private static String topic(int hop) {
    return "hop-" + hop;
  }

  private Connection connect() throws SQLException {
    var connection = DriverManager.getConnection(url, Ground.USER, Ground.USER);
    connection.setAutoCommit(false);
    return connection;
  }

  private long run(int count) throws InterruptedException, IOException {
    var began = System.nanoTime();
    try (var requesters = Executors.newFixedThreadPool(REQUESTERS)) {
      for (var requester = 0; requester < REQUESTERS; requester++) {
        var share = count / REQUESTERS + (requester < count % REQUESTERS ? 1 : 0);
        requesters.submit(() -> request(share));
      }
    }
    ended.acquire(count);
    return (System.nanoTime() - began) / 1_000_000;
  }

  /** State and outbox in one transaction for each. */
  private void request(int count) {
    try (var connection = connect();
        var producer = Topics.producer(bootstrapServers, 0)) {
      for (var number = 0; number < count; number++) {
        var events = List.of(new Event(UUID.randomUUID(), UUID.randomUUID()));
        write(connection, 0, events, true);
        connection.commit();
        publish(connection, producer, 0, events);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** An event of a saga, as its record's key and first 36 bytes have it. */
  private record Event(UUID saga, UUID id) {
    static Event of(ConsumerRecord<String, byte[]> consumed) {
      var id = new String(consumed.value(), 0, 36, StandardCharsets.US_ASCII);
      return new Event(UUID.fromString(consumed.key()), UUID.fromString(id));
    }

    Event next() {
      return new Event(saga, UUID.randomUUID());
    }

    byte[] body() {
      var body = new byte[36 + EVENT.length];
      System.arraycopy(id.toString().getBytes(StandardCharsets.US_ASCII), 0, body, 0, 36);
      System.arraycopy(EVENT, 0, body, 36, EVENT.length);
      return body;
    }
  }

  private void serve(int hop) {
    try (var connection = connect();
        var producer = Topics.producer(bootstrapServers, 0);
        var consumer = Topics.consumer(bootstrapServers, topic(hop))) {
      while (true) {
        var heard = new ArrayList<Event>();
        consumer.poll(Duration.ofMillis(100)).forEach(r -> heard.add(Event.of(r)));
        if (heard.isEmpty()) {
          continue;
        }
        note(connection, hop, heard);
        var told = hop + 1 < HOPS ? heard.stream().map(Event::next).toList() : List.<Event>of();
        advance(connection, hop, heard);
        write(connection, hop + 1, told, false);
        connection.commit();
        publish(connection, producer, hop + 1, told);
        consumer.commitSync();
        if (hop + 1 == HOPS) {
          ended.release(heard.size());
        }
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static void note(Connection connection, int hop, List<Event> heard) throws SQLException {
    try (var inbox =
        connection.prepareStatement(
            "insert into inbox values (?, ?, now()) on conflict do nothing")) {
      for (var event : heard) {
        inbox.setInt(1, hop);
        inbox.setObject(2, event.id());
        inbox.addBatch();
      }
      inbox.executeBatch();
    }
  }

  private static void advance(Connection connection, int hop, List<Event> heard)
      throws SQLException {
    try (var saga =
        connection.prepareStatement(
            "update saga set step = ?, updated_at = now() where id = ? and step < ?")) {
      for (var event : heard) {
        saga.setInt(1, hop + 1);
        saga.setObject(2, event.saga());
        saga.setInt(3, hop + 1);
        saga.addBatch();
      }
      saga.executeBatch();
    }
  }

  private static void write(Connection connection, int hop, List<Event> told, boolean isNew)
      throws SQLException {
    try (var saga = connection.prepareStatement("insert into saga values (?, 0, now())");
        var outbox =
            connection.prepareStatement(
                "insert into outbox (event_id, saga, hop, body) values (?, ?, ?, ?)")) {
      for (var event : told) {
        if (isNew) {
          saga.setObject(1, event.saga());
          saga.addBatch();
        }
        outbox.setObject(1, event.id());
        outbox.setObject(2, event.saga());
        outbox.setInt(3, hop);
        outbox.setBytes(4, event.body());
        outbox.addBatch();
      }
      saga.executeBatch();
      outbox.executeBatch();
    }
  }

  private static void publish(
      Connection connection, KafkaProducer<String, byte[]> producer, int hop, List<Event> told)
      throws SQLException {
    if (told.isEmpty()) {
      return;
    }
    for (var event : told) {
      producer.send(new ProducerRecord<>(topic(hop), event.saga().toString(), event.body()));
    }
    producer.flush();
    var ids = connection.createArrayOf("uuid", told.stream().map(Event::id).toArray());
    try (var done =
        connection.prepareStatement("update outbox set published = true where event_id = any(?)")) {
      done.setArray(1, ids);
      done.executeUpdate();
    }
    connection.commit();
  }

  /** A floor that lost something measures nothing. */
  private static IllegalStateException failed(SQLException e) {
    System.err.println("the database failed: " + e);
    Runtime.getRuntime().halt(1);
    return new IllegalStateException(e);
  }
}
