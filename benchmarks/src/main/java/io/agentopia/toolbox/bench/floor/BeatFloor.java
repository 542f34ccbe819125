package io.agentopia.toolbox.bench.floor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Heartbeats by the JDK's HTTP server, JDBC and the Kafka client alone: the token's signature is
 * verified, the beat is published, and answered when all brokers have it; who has beaten is written
 * as one batch every ten seconds. {@code BeatFloor <jdbc url> <bootstrap servers>}.
 */
public final class BeatFloor {
  private static final String TOPIC = "beats";
  private static final Duration WRITE_EVERY = Duration.ofSeconds(10);
  private static final int LINGER_MILLIS = 5;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Signs what nobody but this measurement reads. */
  private static final SecretKeySpec KEY =
      new SecretKeySpec("floor".getBytes(StandardCharsets.UTF_8), "HmacSHA256");

  private BeatFloor() {}

  public static void main(String[] args) throws Exception {
    Topics.create(args[1], List.of(TOPIC));
    var producer = Topics.producer(args[1], LINGER_MILLIS);
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/agent/v1/heartbeat", exchange -> answer(exchange, producer));
    server.start();
    Thread.ofPlatform().daemon().name("keeper").start(() -> keep(args[0], args[1]));
    System.out.println("READY " + server.getAddress().getPort());
    while (System.in.read() >= 0) {
      // Until the measurement lets go.
    }
    System.exit(0);
  }

  static String token(String agent) {
    return agent + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(agent));
  }

  private static byte[] mac(String agent) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(KEY);
      return mac.doFinal(agent.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static void answer(HttpExchange exchange, KafkaProducer<String, byte[]> producer)
      throws IOException {
    try (exchange) {
      var token = exchange.getRequestHeaders().getFirst("Authorization").substring(7);
      var dot = token.lastIndexOf('.');
      var agent = token.substring(0, dot);
      var signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
      if (!MessageDigest.isEqual(signature, mac(agent))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      var beat = JSON.readTree(exchange.getRequestBody());
      producer.send(new ProducerRecord<>(TOPIC, agent, JSON.writeValueAsBytes(beat))).get();
      var reply = "{\"manifestGeneration\":1,\"heartbeatSeconds\":10,\"commands\":[]}";
      var bytes = reply.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (ExecutionException e) {
      exchange.sendResponseHeaders(503, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void keep(String url, String bootstrapServers) {
    try (var connection = DriverManager.getConnection(url, Ground.USER, Ground.USER);
        var consumer = Topics.consumer(bootstrapServers, TOPIC)) {
      try (var create = connection.createStatement()) {
        create.execute("create table beat (agent text primary key, at timestamptz not null)");
      }
      var heard = new TreeSet<String>();
      var due = System.nanoTime() + WRITE_EVERY.toNanos();
      while (true) {
        consumer.poll(Duration.ofMillis(100)).forEach(beat -> heard.add(beat.key()));
        if (System.nanoTime() >= due) {
          due += WRITE_EVERY.toNanos();
          write(connection, heard);
          consumer.commitSync();
          heard.clear();
        }
      }
    } catch (SQLException e) {
      System.err.println("the database failed: " + e);
      Runtime.getRuntime().halt(1);
    }
  }

  private static void write(Connection connection, Set<String> agents) throws SQLException {
    try (var upsert =
        connection.prepareStatement(
            "insert into beat select unnest(?::text[]), now()"
                + " on conflict (agent) do update set at = excluded.at")) {
      upsert.setArray(1, connection.createArrayOf("text", agents.toArray()));
      upsert.executeUpdate();
    }
  }
}
