package io.agentopia.toolbox.system.fault;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Cases of several services at the same time: each service has a lane of its own, in which its
 * cases come one after the other. A case mostly waits (for a session to end, for a process to
 * start), so the lanes cost little more than the longest of them. Each case is awaited, and fails,
 * by itself.
 *
 * @param <C> a case
 */
final class Lanes<C> {
  interface Work<C> {
    void run(C one) throws Exception;
  }

  private final Map<C, CompletableFuture<Void>> ends = new LinkedHashMap<>();
  private final Map<String, CompletableFuture<Void>> lanes = new LinkedHashMap<>();
  private final Work<C> work;

  /** Starts them all, in the order of each lane. */
  Lanes(List<C> cases, Function<C, String> lane, Work<C> work) {
    this.work = work;
    for (var one : cases) {
      var before = lanes.getOrDefault(lane.apply(one), CompletableFuture.completedFuture(null));
      var end =
          before
              .handle((done, failure) -> null) // a case that failed ends no lane
              .thenAcceptAsync(x -> run(one), task -> Thread.ofVirtual().start(task));
      ends.put(one, end);
      lanes.put(lane.apply(one), end);
    }
  }

  private void run(C one) {
    try {
      work.run(one);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  /** Returns when it has ended well, and fails as it did. */
  void await(C one) throws Exception {
    try {
      ends.get(one).join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        default -> throw e;
      }
    }
  }

  /** Returns when every lane has come to its end, well or not. */
  void awaitAll() {
    lanes.values().forEach(end -> end.handle((done, failure) -> null).join());
  }
}
