package io.agentopia.toolbox.local;

import io.agentopia.toolbox.local.process.Readiness;
import java.nio.file.Path;
import java.util.Optional;

/** Runs the broker as a process of its own: {@code KafkaMain <dir> <port>}. Ends on SIGTERM. */
public final class KafkaMain {
  private KafkaMain() {}

  public static void main(String[] args) throws InterruptedException {
    Logging.configure();
    var dir = Path.of(args[0]).toAbsolutePath();
    var security =
        Optional.ofNullable(System.getenv("KAFKA_SECURITY"))
            .map(file -> KafkaSecurity.read(Path.of(file)))
            .orElse(KafkaSecurity.NONE);
    var kafka = EmbeddedKafka.start(dir, Integer.parseInt(args[1]), security);
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop-kafka"));
    Readiness.announce(readyFile(dir));
    System.out.println("Kafka is ready at " + kafka.bootstrapServers());
    Thread.currentThread().join();
  }

  static Path readyFile(Path dir) {
    return dir.resolve("ready");
  }
}
