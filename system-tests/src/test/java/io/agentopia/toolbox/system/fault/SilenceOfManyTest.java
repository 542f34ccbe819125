package io.agentopia.toolbox.system.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.embedded.process.Signal;
import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.StackOptions;
import io.agentopia.toolbox.system.Api;
import io.agentopia.toolbox.system.Draw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The only gateway, or the broker, does not answer for a while, or some of what agents send is lost
 * on the way: all agents are silent, or some are now and then, and none of them is to blame. With
 * the pace and the patience as they are shipped, and the real agent.
 */
@Tag("fault")
@Tag("all")
class SilenceOfManyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private static LocalStack stack;
  private static UnreliableEdge edge;
  private static List<String> toolboxes;

  /**
   * @param of a process, or so many percent of the requests
   */
  record Outage(String of, int seconds) {
    void begin() {
      if (of.endsWith("%")) {
        edge.fail(Integer.parseInt(of.replaceAll("[^0-9]", "")));
      } else {
        Signal.STOP.send(stack.process(of).pid());
      }
    }

    void end() {
      if (of.endsWith("%")) {
        edge.fail(0);
        assertThat(edge.failed()).isPositive();
      } else {
        Signal.CONT.send(stack.process(of).pid());
      }
    }

    @Override
    public String toString() {
      return of + " away for " + seconds + " s";
    }
  }

  static List<Outage> outages() {
    return Draw.of(
        List.of(
            new Outage("api-gateway", 10),
            new Outage("api-gateway", 20),
            new Outage("api-gateway", 60),
            new Outage("kafka", 60),
            new Outage("5 %", 90),
            new Outage("25 %", 90)));
  }

  @BeforeAll
  static void start() throws IOException {
    edge = new UnreliableEdge(() -> stack.url("api-gateway"), Draw.SEED);
    var runs = Files.createDirectories(Path.of("target/stack"));
    stack =
        LocalStack.start(
            StackOptions.isolated(
                    Path.of("..").toAbsolutePath().normalize(),
                    Files.createTempDirectory(runs, "silence-"))
                .with("provisioner-service", Map.of("DTMA_BACKEND_URL", edge.url()))
                .with("cloud-simulator", Map.of("SIMULATOR_DOCKER", "simulated")));
    toolboxes = IntStream.range(0, 3).mapToObj(i -> toolbox()).toList();
    toolboxes.forEach(
        id -> await(id).atMost(PATIENCE).until(() -> "active".equals(text(id, "", "/status"))));
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
    edge.close();
  }

  @ParameterizedTest
  @MethodSource("outages")
  void nobodyIsCalledDegraded(Outage outage) {
    var begun = Instant.now();
    outage.begin();
    try {
      await().pollDelay(Duration.ofSeconds(outage.seconds())).atMost(PATIENCE).until(() -> true);
    } finally {
      outage.end();
    }
    var back = Instant.now();
    for (var id : toolboxes) {
      await(id + " to be heard again")
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() -> Instant.parse(text(id, "/health", "/lastHeartbeatAt")).isAfter(back));
    }
    assertThat(verdictsSince(begun)).isEmpty();
    assertThat(toolboxes).allMatch(id -> "active".equals(text(id, "", "/status")));
  }

  private static List<String> verdictsSince(Instant begun) {
    return new Bus(stack.bootstrapServers())
        .read("toolbox.health"::equals).stream()
            .filter(record -> record.timestamp() >= begun.toEpochMilli())
            .map(record -> record.key() + " " + Bus.header(record, "ce_type"))
            .toList();
  }

  private static String toolbox() {
    var wish = Wishes.toolbox(Wishes.unique("silent-"));
    return user().post("/v1/toolboxes", wish).text("/id");
  }

  private static String text(String id, String below, String pointer) {
    return user().get("/v1/toolboxes/" + id + below).text(pointer);
  }

  private static Api user() {
    return new Api(stack.url("api-gateway"), stack.apiKey());
  }
}
