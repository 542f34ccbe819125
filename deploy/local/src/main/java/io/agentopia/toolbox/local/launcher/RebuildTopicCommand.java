package io.agentopia.toolbox.local.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.local.Components;
import io.agentopia.toolbox.local.demo.HttpApi;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** For a topic that was lost: its events stand in their writer's outbox for 24 h. */
@Command(
    name = "rebuild-topic",
    description = "Publishes a topic's events of the last 24 h once more.")
final class RebuildTopicCommand extends LocalCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Parameters(paramLabel = "TOPIC", description = "For example toolbox.lifecycle.")
  private String topic;

  @Option(names = "--toolbox", paramLabel = "ID", description = "Only this toolbox's events.")
  private UUID toolbox;

  @Option(names = "--from", paramLabel = "TIME", description = "The oldest, RFC 3339.")
  private Instant from;

  @Option(names = "--to", paramLabel = "TIME", description = "The youngest, not included.")
  private Instant to;

  @Option(names = "--dry-run", description = "Only says how many there are.")
  private boolean dryRun;

  @Override
  public Integer call() throws InterruptedException {
    var gateway =
        new HttpApi(place.required().url(Components.GATEWAY), place.secret("operator.api.key"));
    var wish = new HashMap<String, Object>();
    putIfThere(wish, "toolboxId", toolbox);
    putIfThere(wish, "from", from);
    putIfThere(wish, "to", to);
    wish.put("dryRun", dryRun);
    var answer =
        gateway.post(
            "/v1/topics/" + topic + "/rebuild",
            wish,
            UUID.randomUUID().toString(),
            Instant.now().plus(PATIENCE));
    if (!answer.ok()) {
      screen.failure(problem(answer.body()));
      return 1;
    }
    screen.line(
        "%s: %d events %s%s"
            .formatted(
                topic,
                answer.body().path("events").asLong(),
                dryRun ? "would be published again" : "are published again",
                span(answer.body())));
    return 0;
  }

  /** The API takes no null: what is not asked for is left out. */
  private static void putIfThere(Map<String, Object> wish, String field, Object value) {
    if (value != null) {
      wish.put(field, value.toString());
    }
  }

  private static String problem(JsonNode body) {
    var errors = body.path("errors");
    var field = errors.isEmpty() ? "" : " (" + errors.get(0).path("message").asText() + ")";
    return body.path("detail").asText("the gateway did not say why") + field;
  }

  private static String span(JsonNode body) {
    return body.path("oldest").isTextual()
        ? ", from " + body.path("oldest").asText() + " to " + body.path("youngest").asText()
        : "";
  }
}
