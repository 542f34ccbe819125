package io.agentopia.toolbox.runtime.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * The one way to call an agent's own port, as docs/agent-protocol.md describes it. Whoever answers
 * there is not trusted: an address that was a toolbox's may be somebody else's droplet by now. So
 * no redirect is followed (the key would go with it), an answer is read up to {@link
 * #LARGEST_ANSWER} and must be what was asked for, and one limit of time holds for the whole call,
 * however slowly an answer drips.
 */
@ApplicationScoped
public class AgentClient {
  /** Bytes of an answer's body that are read; a longer one is a failure. */
  public static final int LARGEST_ANSWER = 256 * 1024;

  private static final ObjectMapper JSON = EventCodec.mapper();

  private final AgentKeys keys;
  private final HttpClient http;
  private final Vertx vertx;

  @Inject
  public AgentClient(Vertx vertx, AgentKeys keys) {
    this.vertx = vertx;
    this.keys = keys;
    // One call now and then to each of many droplets: no connection is kept.
    this.http = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
  }

  /**
   * A JSON document of the agent's.
   *
   * @param limit for the whole call
   * @return the document; fails with {@link AgentCallFailed}
   */
  public Uni<JsonNode> get(AgentAddress agent, String path, Duration limit) {
    return call(HttpMethod.GET, agent, path, limit).map(AgentClient::document);
  }

  /**
   * A call without a body, whose answer's body says nothing.
   *
   * @param limit for the whole call
   * @return the answer's status; fails with {@link AgentCallFailed}
   */
  public Uni<Integer> post(AgentAddress agent, String path, Duration limit) {
    return call(HttpMethod.POST, agent, path, limit).map(AgentAnswer::status);
  }

  private Uni<AgentAnswer> call(
      HttpMethod method, AgentAddress agent, String path, Duration limit) {
    return Uni.createFrom()
        .completionStage(
            () -> {
              var accepted = keys.inboundKeys(agent.toolboxId(), agent.generation());
              return new AgentCall(vertx, http, method, agent, path, accepted.iterator())
                  .within(limit)
                  .toCompletionStage();
            });
  }

  private static JsonNode document(AgentAnswer answer) {
    if (answer.status() != 200) {
      throw new AgentCallFailed("it answered with HTTP " + answer.status());
    }
    if (!answer.isJson()) {
      throw new AgentCallFailed("its answer is no JSON");
    }
    try {
      return DropletDocument.clean(JSON.readTree(answer.body().toString()));
    } catch (JsonProcessingException e) {
      throw new AgentCallFailed("its answer is no JSON");
    }
  }

  @PreDestroy
  void close() {
    http.close();
  }
}
