package io.agentopia.toolbox.simulator.docker.http;

import io.agentopia.toolbox.simulator.docker.engine.Engine;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.Filters;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** {@code /containers}. */
final class ContainerCalls {
  private static final int PATIENCE = 10;
  private static final Set<String> FILTERS =
      Set.of("label", "name", "id", "status", "exited", "network", "ancestor");

  private final Engine engine;
  private final Clock clock;
  private final Runnable save;

  /**
   * @param save writes changes down; called before an answer says that they are made
   */
  ContainerCalls(Engine engine, Clock clock, Runnable save) {
    this.engine = engine;
    this.clock = clock;
    this.save = save;
  }

  void into(Routes routes) {
    routes
        .get("/containers/json", this::list)
        .post("/containers/create", this::create)
        .get("/containers/{}/json", c -> c.answer(200, engine.inspect(c.part(1))))
        .post("/containers/{}/start", this::start)
        .post("/containers/{}/stop", this::stop)
        .post("/containers/{}/restart", this::restart)
        .post("/containers/{}/rename", this::rename)
        .delete("/containers/{}", this::remove);
  }

  private void list(Call call) {
    var filters = Filters.parse(call.query("filters"), FILTERS);
    call.answer(
        200, engine.list(call.flag("all"), filters, call.number("limit", 0), clock.instant()));
  }

  private void create(Call call) {
    var created = engine.create(call.query("name"), call.json(), clock.instant());
    save.run();
    call.answer(201, created);
  }

  private void start(Call call) {
    var started = engine.start(call.part(1), clock.instant());
    save.run();
    call.empty(started ? 204 : 304);
  }

  private void stop(Call call) {
    var stopped = engine.stop(call.part(1), call.seconds("t", PATIENCE), clock.instant());
    if (stopped == null) {
      call.empty(304);
      return;
    }
    join(stopped);
    save.run();
    call.empty(204);
  }

  private void restart(Call call) {
    join(engine.restart(call.part(1), call.seconds("t", PATIENCE), clock::instant));
    save.run();
    call.empty(204);
  }

  private void rename(Call call) {
    engine.rename(call.part(1), call.query("name"), clock.instant());
    save.run();
    call.empty(204);
  }

  private void remove(Call call) {
    engine.remove(call.part(1), call.flag("force"), clock.instant());
    save.run();
    call.empty(204);
  }

  private static void join(CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof EngineRefusal refusal ? refusal : e;
    }
  }
}
