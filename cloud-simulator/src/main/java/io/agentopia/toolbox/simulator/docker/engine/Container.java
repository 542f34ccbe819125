package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A container. Changed only by {@link ContainerLifecycles} and {@link Containers}, under the
 * engine's lock.
 */
final class Container {
  enum Status {
    CREATED,
    RUNNING,
    RESTARTING,
    EXITED
  }

  record LogLine(Instant at, boolean stderr, String text) {}

  /** Its place in a network; no address while it does not run. */
  record Endpoint(String networkId, String address, int host, List<String> aliases) {}

  record Binding(String hostIp, int hostPort) {}

  String id;
  String name;

  /** As it was asked for. */
  String image;

  String imageId;
  ObjectNode config;
  ObjectNode hostConfig;
  Instant created;
  Status status = Status.CREATED;
  int pid;
  int exitCode;
  String error = "";
  Instant startedAt;
  Instant finishedAt;

  /** When the program ends by itself; null: never. */
  Instant endsAt;

  int endsWith;

  /** When patience with a container that was asked to stop is over. */
  Instant killAt;

  /** When a container in status restarting starts again. */
  Instant restartAt;

  int restartCount;
  int failuresInRow;
  boolean stoppedByHand;

  /** It ran when the power went. */
  boolean cutOff;

  boolean stopping;
  List<LogLine> log = new ArrayList<>();
  Map<String, Endpoint> networks = new LinkedHashMap<>();

  /** By container port, for example {@code 80/tcp}. */
  Map<String, List<Binding>> ports = new LinkedHashMap<>();

  boolean isUp() {
    return status == Status.RUNNING;
  }

  /** Docker counts a container that waits for its restart as running. */
  boolean isRunningOrRestarting() {
    return isUp() || status == Status.RESTARTING;
  }

  boolean isCalled(String reference) {
    var plain = reference.startsWith("/") ? reference.substring(1) : reference;
    return id.equals(plain) || name.equals(plain);
  }

  boolean hasTty() {
    return config.path("Tty").asBoolean();
  }

  Map<String, String> labels() {
    var labels = new LinkedHashMap<String, String>();
    config.path("Labels").properties().forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    return labels;
  }

  /** Entry point and command. */
  List<String> command() {
    return Stream.concat(words(config.path("Entrypoint")), words(config.path("Cmd"))).toList();
  }

  private static Stream<String> words(JsonNode node) {
    return node.isTextual()
        ? Stream.of(node.asText())
        : StreamSupport.stream(node.spliterator(), false).map(JsonNode::asText);
  }

  String restartPolicy() {
    return hostConfig.path("RestartPolicy").path("Name").asText("no");
  }

  boolean restartsAfter(int code) {
    var most = hostConfig.path("RestartPolicy").path("MaximumRetryCount").asInt();
    return !stoppedByHand
        && switch (restartPolicy()) {
          case "always", "unless-stopped" -> true;
          case "on-failure" -> code != 0 && (most == 0 || failuresInRow < most);
          default -> false;
        };
  }

  Program program() {
    var program = Program.of(command(), image);
    return hostConfig.path("Init").asBoolean()
        ? new Program(program.output(), program.length(), program.exitCode(), true)
        : program;
  }

  /** What it ends with when it is asked to end and does. */
  int endedBySignal(int signal) {
    return Program.of(command(), image).heedsSignals() ? 0 : 128 + signal;
  }

  String networkMode() {
    var mode = hostConfig.path("NetworkMode").asText("default");
    return mode.isEmpty() || mode.equals("default") ? "bridge" : mode;
  }
}
