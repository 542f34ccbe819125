package io.agentopia.toolbox.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** A real KRaft broker (one node) in this JVM, on the loopback address. Its data outlive it. */
public final class EmbeddedKafka implements AutoCloseable {
  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker; it takes requests when this returns.
   *
   * @param dir formatted if it is new, else its topics and records are found again
   */
  public static EmbeddedKafka start(Path dir, int port) {
    return start(dir, port, KafkaSecurity.NONE);
  }

  /**
   * @param security of the port that clients come to
   */
  static EmbeddedKafka start(Path dir, int port, KafkaSecurity security) {
    var settings = settings(dir, port, Ports.anyFree());
    settings.putAll(security.settings(port, Ports.anyFree(), settings));
    try {
      format(dir, settings, security);
      var server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
      server.startup();
      return new EmbeddedKafka(server, "127.0.0.1:" + port);
    } catch (Exception e) {
      throw new IllegalStateException(
          "starting Kafka on port %d with the data in %s failed: %s"
              .formatted(port, dir, e.getMessage()),
          e);
    }
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(Path dir, Properties settings, KafkaSecurity security)
      throws Exception {
    if (Files.exists(Path.of(settings.getProperty("log.dirs"), "meta.properties"))) {
      return;
    }
    Files.createDirectories(dir);
    var file = dir.resolve("server.properties");
    try (var out = Files.newOutputStream(file)) {
      settings.store(out, null);
    }
    var said = new PrintStream(OutputStream.nullOutputStream());
    var command =
        new ArrayList<>(
            List.of("format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()));
    command.addAll(security.users());
    if (StorageTool.execute(command.toArray(String[]::new), said) != 0) {
      throw new IOException("the directory could not be formatted");
    }
  }

  /**
   * The one voter is named in the settings, not in the data, so the controller may have another
   * port at each start. The rest makes a broker of production size fit a laptop.
   */
  private static Properties settings(Path dir, int port, int controllerPort) {
    var settings = new Properties();
    settings.putAll(
        Map.ofEntries(
            Map.entry("node.id", "1"),
            Map.entry("process.roles", "broker,controller"),
            Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
            Map.entry(
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
            Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
            Map.entry("log.dirs", dir.resolve("data").toAbsolutePath().toString()),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // Who wants a frozen consumer found sooner than in 6 s may say so.
            Map.entry("group.min.session.timeout.ms", "1000"),
            // After a kill the broker may come back when its last session has run out.
            Map.entry("broker.session.timeout.ms", "1500"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("num.io.threads", "4"),
            Map.entry("num.network.threads", "2"),
            Map.entry("background.threads", "2"),
            Map.entry("log.cleaner.dedupe.buffer.size", "2097152")));
    return settings;
  }
}
