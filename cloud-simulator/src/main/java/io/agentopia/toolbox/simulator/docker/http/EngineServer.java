package io.agentopia.toolbox.simulator.docker.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.agentopia.toolbox.simulator.docker.engine.Engine;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.EngineView;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Docker's HTTP API before an {@link Engine}. Each call has a virtual thread, so that those which
 * wait or stream may simply do so.
 */
public final class EngineServer {
  private static final Logger LOG = Logger.getLogger(EngineServer.class);
  private static final long ANSWER_SECONDS = 10;

  private final Vertx vertx;
  private final Routes routes = new Routes();
  private HttpServer server;

  public EngineServer(Vertx vertx, Engine engine, Clock clock, Registry registry, Runnable save) {
    this.vertx = vertx;
    new SystemCalls(engine, clock, save).into(routes);
    new ImageCalls(engine, clock, registry, save).into(routes);
    new ContainerCalls(engine, clock, save).into(routes);
    new StreamCalls(engine, clock).into(routes);
  }

  /**
   * @param port 0: any that is free
   * @return the port
   */
  public int listen(String address, int port) {
    var options = new HttpServerOptions().setHost(address).setPort(port).setIdleTimeout(0);
    server = vertx.createHttpServer(options).requestHandler(this::receive);
    return await(server.listen()).actualPort();
  }

  public void close() {
    if (server != null) {
      await(server.close());
      server = null;
    }
  }

  private static <T> T await(io.vertx.core.Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while opening or closing an engine", e);
    } catch (Exception e) {
      throw new IllegalStateException("opening or closing an engine failed", e);
    }
  }

  private void receive(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> Thread.ofVirtual().name("docker-call").start(() -> handle(request, body)));
  }

  private void handle(HttpServerRequest request, Buffer body) {
    request
        .response()
        .putHeader("Api-Version", EngineView.API_VERSION)
        .putHeader("Docker-Experimental", "false")
        .putHeader("Ostype", "linux")
        .putHeader("Server", "Docker/" + EngineView.VERSION + " (linux)");
    try {
      var found = routes.find(request.method(), request.path());
      found.handler().accept(new Call(request, found.path(), body));
    } catch (EngineRefusal refusal) {
      refuse(request, body, refusal.status(), refusal.getMessage());
    } catch (RuntimeException e) {
      if (!request.response().closed()) {
        LOG.errorf(e, "engine call failed: method=%s, path=%s", request.method(), request.path());
        refuse(request, body, 500, "the simulated engine failed: " + e);
      }
    }
  }

  private static void refuse(HttpServerRequest request, Buffer body, int status, String message) {
    var response = request.response();
    if (response.headWritten()) {
      if (!response.ended() && !response.closed()) {
        response.end();
      }
      return;
    }
    new Call(request, null, body)
        .answer(status, JsonNodeFactory.instance.objectNode().put("message", message));
  }
}
