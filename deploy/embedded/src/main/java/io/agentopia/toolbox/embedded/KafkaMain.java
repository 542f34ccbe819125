package io.agentopia.toolbox.embedded;

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
    readyFile(dir).announce();
    System.out.println("Kafka is ready at " + kafka.bootstrapServers());
    Thread.currentThread().join();
  }

  /** Where it says that it is ready. */
  public static ReadyFile readyFile(Path dir) {
    return ReadyFile.in(dir);
  }
}
