package io.agentopia.toolbox.system.fault;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One user's wish, from the request of a toolbox to its running tool. The user does what a program
 * should: sends again, with the same idempotency key, what was not answered.
 */
final class Saga {
  static final Duration PATIENCE = Duration.ofSeconds(240);
  private static final Executor EACH_APART = Executors.newVirtualThreadPerTaskExecutor();
  private final FaultPlatform platform;
  private final String name = Wishes.unique("f-");
  private final CompletableFuture<String> toolbox;
  private final CompletableFuture<String> tool;

  private Saga(FaultPlatform platform) {
    this.platform = platform;
    this.toolbox =
        CompletableFuture.supplyAsync(
            () -> accepted("/v1/toolboxes", Wishes.toolbox(name)), EACH_APART);
    this.tool =
        toolbox.thenApplyAsync(
            id -> accepted("/v1/toolboxes/" + id + "/tools", Wishes.tool("hello")), EACH_APART);
  }

  static Saga begin(FaultPlatform platform) {
    return new Saga(platform);
  }

  String toolbox() {
    try {
      return toolbox.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new AssertionError("the request of " + name + " was never accepted", e);
    }
  }

  /** The toolbox active, the tool running. */
  Saga awaitRunning() {
    awaitToolbox("active");
    var path = "/v1/toolboxes/" + toolbox() + "/tools/" + tool.join();
    awaitDocument(path, "running");
    return this;
  }

  /** What its agent itself says: the deployer's word may still be about the former droplet. */
  void awaitOnTheDroplet() {
    await("the tool to run on the droplet")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(150))
        .until(
            () ->
                platform
                    .insistently(api -> api.get("/v1/toolboxes/" + toolbox() + "/agent-status"))
                    .body()
                    .path("tool_instances")
                    .findValuesAsText("status")
                    .contains("running"));
  }

  JsonNode awaitToolbox(String status) {
    return awaitDocument("/v1/toolboxes/" + toolbox(), status);
  }

  /** Deletes it and waits until it is gone. */
  void delete() {
    platform.insistently(api -> api.delete("/v1/toolboxes/" + toolbox()));
    awaitToolbox("deprovisioned");
  }

  private JsonNode awaitDocument(String path, String status) {
    var last = new AtomicReference<JsonNode>();
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(150))
          .until(
              () -> {
                var answer = platform.insistently(api -> api.get(path));
                last.set(answer.body());
                return status.equals(answer.text("/status"));
              });
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError(path + " is not " + status + " but " + last.get(), e);
    }
    return last.get();
  }

  private String accepted(String path, String body) {
    var key = UUID.randomUUID().toString();
    var answer = platform.insistently(api -> api.with("Idempotency-Key", key).post(path, body));
    if (answer.status() != 202) {
      throw new AssertionError(path + " was not accepted: " + answer.body());
    }
    return answer.text("/id");
  }
}
