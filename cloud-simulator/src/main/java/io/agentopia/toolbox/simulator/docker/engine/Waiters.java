package io.agentopia.toolbox.simulator.docker.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Those who wait for a container to run no more. */
final class Waiters {
  private record Waiter(String id, CompletableFuture<Integer> answer) {}

  private final List<Waiter> waiting = new ArrayList<>();

  CompletableFuture<Integer> add(String id) {
    var waiter = new Waiter(id, new CompletableFuture<>());
    waiting.add(waiter);
    return waiter.answer();
  }

  void stopped(String id, int code) {
    var met = waiting.stream().filter(w -> w.id().equals(id)).toList();
    waiting.removeAll(met);
    // On another thread: this one holds the engine's lock.
    met.forEach(w -> w.answer().completeAsync(() -> code));
  }

  /** Nobody will ever answer: the engine is gone. */
  void abandon() {
    var all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(w -> w.answer().completeAsync(Waiters::gone));
  }

  private static Integer gone() {
    throw new EngineRefusal(503, "the engine was stopped");
  }
}
