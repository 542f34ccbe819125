package io.agentopia.toolbox.simulator.docker.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Those who wait for a container to reach a condition. */
final class Waiters {
  enum Condition {
    NOT_RUNNING,
    NEXT_EXIT,
    REMOVED
  }

  private record Waiter(String id, Condition condition, CompletableFuture<Integer> answer) {}

  private final List<Waiter> waiting = new ArrayList<>();

  CompletableFuture<Integer> add(String id, Condition condition) {
    var waiter = new Waiter(id, condition, new CompletableFuture<>());
    waiting.add(waiter);
    return waiter.answer();
  }

  void exited(String id, int code) {
    answer(id, Condition.NEXT_EXIT, code);
  }

  void stopped(String id, int code) {
    answer(id, Condition.NOT_RUNNING, code);
  }

  void removed(String id, int code) {
    for (var condition : Condition.values()) {
      answer(id, condition, code);
    }
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

  private void answer(String id, Condition condition, int code) {
    var met =
        waiting.stream().filter(w -> w.id().equals(id) && w.condition() == condition).toList();
    waiting.removeAll(met);
    // On another thread: this one holds the engine's lock.
    met.forEach(w -> w.answer().completeAsync(() -> code));
  }
}
