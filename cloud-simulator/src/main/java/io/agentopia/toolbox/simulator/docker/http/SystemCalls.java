package io.agentopia.toolbox.simulator.docker.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.agentopia.toolbox.simulator.docker.engine.Engine;
import io.agentopia.toolbox.simulator.docker.engine.EngineView;
import io.agentopia.toolbox.simulator.docker.engine.Filters;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.util.Set;

/** The engine itself, and its networks. */
final class SystemCalls {
  private static final Set<String> NETWORK_FILTERS =
      Set.of("name", "id", "driver", "type", "label", "scope", "dangling");

  private final Engine engine;
  private final Clock clock;
  private final Runnable save;

  SystemCalls(Engine engine, Clock clock, Runnable save) {
    this.engine = engine;
    this.clock = clock;
    this.save = save;
  }

  void into(Routes routes) {
    routes
        .get("/_ping", this::ping)
        .on(HttpMethod.HEAD, "/_ping", this::ping)
        .get("/version", c -> c.answer(200, EngineView.version()))
        .get("/info", c -> c.answer(200, engine.info(clock.instant())))
        .get("/volumes", SystemCalls::volumes)
        .get("/networks", this::networks)
        .post("/networks/create", this::create)
        .get("/networks/{}", c -> c.answer(200, engine.network(c.part(1))))
        .delete("/networks/{}", this::remove)
        .post("/networks/{}/connect", this::connect)
        .post("/networks/{}/disconnect", this::disconnect);
  }

  private void ping(Call call) {
    call.response()
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("Cache-Control", "no-cache, no-store, must-revalidate")
        .putHeader("Pragma", "no-cache")
        .end("OK");
  }

  private static void volumes(Call call) {
    var answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("Volumes");
    answer.putArray("Warnings");
    call.answer(200, answer);
  }

  private void networks(Call call) {
    call.answer(200, engine.networks(Filters.parse(call.query("filters"), NETWORK_FILTERS)));
  }

  private void create(Call call) {
    var created = engine.createNetwork(call.json(), clock.instant());
    save.run();
    call.answer(201, created);
  }

  private void remove(Call call) {
    engine.removeNetwork(call.part(1), clock.instant());
    save.run();
    call.empty(204);
  }

  private void connect(Call call) {
    engine.connect(call.part(1), call.json(), clock.instant());
    save.run();
    call.empty(200);
  }

  private void disconnect(Call call) {
    engine.disconnect(call.part(1), call.json(), clock.instant());
    save.run();
    call.empty(200);
  }
}
