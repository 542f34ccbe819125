package io.agentopia.toolbox.deployer.wake;

import io.agentopia.toolbox.deployer.config.DeployerConfig;
import io.agentopia.toolbox.runtime.security.AgentKeys;
import io.agentopia.toolbox.runtime.security.AgentKeys.InboundKey;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Iterator;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Calls in to agents, as docs/agent-protocol.md describes them. */
@ApplicationScoped
public class AgentCalls {
  private static final Logger LOG = Logger.getLogger(AgentCalls.class);

  private final AgentKeys keys;
  private final HttpClient http;
  private final long timeoutMillis;

  @Inject
  public AgentCalls(Vertx vertx, AgentKeys keys, DeployerConfig config) {
    this.keys = keys;
    this.timeoutMillis = config.wakeTimeout().toMillis();
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) timeoutMillis)
                .setKeepAlive(false)); // one call now and then to each of many droplets
  }

  /** Without its keys the deployer does not start, rather than wake no agent. */
  void start(@Observes StartupEvent event) {
    keys.ids();
  }

  /** Fire and forget. */
  public void wake(UUID toolboxId, long generation, String ipv4, int port) {
    var address =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(ipv4)
            .setPort(port)
            .setURI("/wake")
            .setTimeout(timeoutMillis);
    wake(address, keys.inboundKeys(toolboxId, generation).iterator())
        .onSuccess(status -> LOG.debugf("agent woken: toolboxId=%s status=%d", toolboxId, status))
        .onFailure(
            e ->
                LOG.debugf(
                    "agent not woken, its next heartbeat tells it: toolboxId=%s cause=%s",
                    toolboxId, e.getMessage()));
  }

  /**
   * While keys are rotated an agent may know the next one later than we do, or the last one only.
   */
  private Future<Integer> wake(RequestOptions address, Iterator<InboundKey> untried) {
    var request =
        new RequestOptions(address).putHeader("Authorization", "Bearer " + untried.next().key());
    return http.request(request)
        .compose(HttpClientRequest::send)
        .map(HttpClientResponse::statusCode)
        .compose(
            status ->
                status == 401 && untried.hasNext()
                    ? wake(address, untried)
                    : Future.succeededFuture(status));
  }

  @PreDestroy
  void close() {
    http.close();
  }
}
