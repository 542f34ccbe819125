package io.agentopia.toolbox.simulator.light;

import io.agentopia.toolbox.simulator.boot.AgentPrograms;
import io.agentopia.toolbox.simulator.boot.RunningAgent;
import io.vertx.core.Vertx;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * Agents without a process of their own: thousands of them live in the simulator. Each waits on a
 * virtual thread; they share one HTTP client, and one event loop hears what comes in to their
 * ports.
 */
public final class LightAgents implements AgentPrograms {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(PATIENCE)
          .executor(
              Executors.newFixedThreadPool(
                  2, Thread.ofPlatform().daemon().name("light-", 0).factory()))
          .build();

  public LightAgents(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public String missing(Path dropletDir) {
    return null;
  }

  /** Whether a light agent has lived on that disk. */
  static boolean hasLivedAt(Path dropletDir) {
    return Files.exists(file(dropletDir));
  }

  private static Path file(Path dropletDir) {
    return dropletDir.resolve("state").resolve("light.json");
  }

  @Override
  public RunningAgent start(long dropletId, Path dropletDir, Map<String, String> environment) {
    var agent =
        new LightAgent(
            dropletId,
            new Backend(http, environment.get("DTMA_BACKEND_URL").split(",")[0]),
            file(dropletDir),
            environment);
    agent.start(new InboundPort(vertx, agent, environment));
    return agent;
  }
}
