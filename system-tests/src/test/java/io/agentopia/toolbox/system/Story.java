package io.agentopia.toolbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.system.Api.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;

/** The steps that stories are made of, in the words of a user of the API. */
@Tag("story")
abstract class Story {
  static final Duration PATIENCE = Duration.ofSeconds(120);
  static final Platform PLATFORM = Platform.get();
  static final Api USER = PLATFORM.user();

  /** A tool that serves HTTP with what the smallest Debian image has. */
  static final String HELLO_TOOL =
      """
      {"name": "%s", "image": "debian:bookworm-slim", "command": ["perl", "-MIO::Socket::INET", "-e",
       "$s=IO::Socket::INET->new(LocalPort=>8080,Listen=>5,ReuseAddr=>1) or die; while($c=$s->accept){<$c>; print $c qq(HTTP/1.0 200 OK\\r\\n\\r\\nhello\\n); close $c}"],
       "ports": [{"containerPort": 8080}]}
      """;

  static String uniqueName(String prefix) {
    return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  static String requestToolbox(String name) {
    var answer = USER.post("/v1/toolboxes", toolbox(name, "nyc3", "s-1vcpu-1gb"));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    return answer.text("/id");
  }

  static String toolbox(String name, String region, String size) {
    return "{\"name\": \""
        + name
        + "\", \"region\": \""
        + region
        + "\", \"size\": \""
        + size
        + "\"}";
  }

  static String activeToolbox(String name) {
    var id = requestToolbox(name);
    awaitToolbox(id, "active");
    return id;
  }

  static JsonNode awaitToolbox(String id, String status) {
    return awaitStatus(
        "/v1/toolboxes/" + id, status, Set.of("error_provisioning", "error_deprovisioning"));
  }

  static String deploy(String toolboxId, String name) {
    var answer = USER.post("/v1/toolboxes/" + toolboxId + "/tools", HELLO_TOOL.formatted(name));
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(202);
    return answer.text("/id");
  }

  static JsonNode awaitTool(String toolboxId, String toolId, String status) {
    return awaitStatus("/v1/toolboxes/" + toolboxId + "/tools/" + toolId, status, Set.of("failed"));
  }

  static void delete(String toolboxId) {
    assertThat(USER.delete("/v1/toolboxes/" + toolboxId).status()).isEqualTo(202);
    // Whatever it was before: the answer came before the deletion began.
    awaitStatus("/v1/toolboxes/" + toolboxId, "deprovisioned", Set.of("error_deprovisioning"));
  }

  /** Waits for a status; ends at once, with the whole document, where another one is final. */
  private static JsonNode awaitStatus(String path, String status, Set<String> dead) {
    var last = new JsonNode[1];
    patiently(path + " to be " + status)
        .until(
            tolerant(
                () -> {
                  var answer = USER.get(path);
                  if (answer.status() != 200) {
                    return false;
                  }
                  last[0] = answer.body();
                  var now = answer.text("/status");
                  if (!status.equals(now) && dead.contains(now)) {
                    throw new AssertionError(
                        "expected " + status + ", but it ended so: " + answer.body());
                  }
                  return status.equals(now);
                }));
    return last[0];
  }

  static ConditionFactory patiently(String what) {
    return await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(200));
  }

  /**
   * A service that is being restarted does not answer for a while; that is no failure of the story.
   */
  static Callable<Boolean> tolerant(Callable<Boolean> condition) {
    return () -> {
      try {
        return condition.call();
      } catch (UncheckedIOException e) {
        return false;
      }
    };
  }

  static Answer agentStatus(String toolboxId) {
    return USER.get("/v1/toolboxes/" + toolboxId + "/agent-status");
  }
}
