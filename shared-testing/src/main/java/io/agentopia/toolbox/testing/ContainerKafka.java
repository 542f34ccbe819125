package io.agentopia.toolbox.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.kafka.KafkaContainer;

/** Testcontainers' broker, or soon a sentence that says why not. */
final class ContainerKafka {
  private static final String IMAGE = "apache/kafka:4.1.1";
  private static final Duration ASKING = Duration.ofSeconds(20);
  private static final Duration PULLING = Duration.ofMinutes(3);
  private static final Duration STARTING = Duration.ofMinutes(2);

  private ContainerKafka() {}

  /** Starts it; it ends with the JVM. Returns its bootstrap servers. */
  static String start() {
    if (hasDockerCommand()) {
      ensureImage();
    }
    var starting = CompletableFuture.supplyAsync(ContainerKafka::startContainer);
    try {
      return starting.get(STARTING.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw unavailable(e.getCause().getMessage());
    } catch (TimeoutException e) {
      throw unavailable("no broker after " + STARTING.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted");
    }
  }

  private static String startContainer() {
    var kafka = new KafkaContainer(IMAGE);
    kafka.start();
    // Testcontainers' own cleaner (Ryuk) is off, see the parent pom: its image would be needed too.
    Runtime.getRuntime().addShutdownHook(new Thread(kafka::stop, "stop-kafka"));
    return kafka.getBootstrapServers();
  }

  /** Testcontainers itself would retry a missing engine or a failing pull for many minutes. */
  private static void ensureImage() {
    var engine = docker(ASKING, "version", "--format", "{{.Server.Version}}");
    if (engine.code != 0) {
      throw unavailable("it needs a Docker engine, and none answers (" + engine.lastLine() + ")");
    }
    if (docker(ASKING, "image", "inspect", IMAGE).code != 0) {
      var pull = docker(PULLING, "pull", "--quiet", IMAGE);
      if (pull.code != 0) {
        throw unavailable("the image " + IMAGE + " cannot be pulled (" + pull.lastLine() + ")");
      }
    }
  }

  private static boolean hasDockerCommand() {
    return docker(ASKING, "--version").code == 0;
  }

  private record Said(int code, String output) {
    String lastLine() {
      return output.lines().reduce((a, b) -> b).orElse("no output").strip();
    }
  }

  private static Said docker(Duration patience, String... arguments) {
    var command = new ArrayList<String>();
    command.add("docker");
    command.addAll(List.of(arguments));
    try {
      // To a file: a pipe that nobody reads in time would hold the command up.
      var said = Files.createTempFile("docker", ".out");
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      var ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly();
      var output = Files.readString(said);
      Files.delete(said);
      return ended
          ? new Said(process.exitValue(), output)
          : new Said(-1, "no end after " + patience.toSeconds() + " s");
    } catch (IOException e) {
      return new Said(-1, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Said(-1, "interrupted");
    }
  }

  private static IllegalStateException unavailable(String what) {
    return new IllegalStateException(
        "-Dkafka=testcontainers: "
            + what
            + ". Mend that, or leave the switch out: the embedded broker is the same Kafka.");
  }
}
