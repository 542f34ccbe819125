package io.agentopia.toolbox.agent.reconcile;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Actions under way, at most one per key. Pulls have threads of their own: they take minutes, and
 * other tools shall not wait for them.
 */
final class Workers implements AutoCloseable {
  private static final int PULLS = 2;
  private static final int OTHERS = 4;

  private final Map<String, Action> underWay = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor pulls = pool("dtma-pull", PULLS);
  private final ThreadPoolExecutor others = pool("dtma-tool", OTHERS);

  Set<String> busy() {
    return Set.copyOf(underWay.keySet());
  }

  Map<String, Action> underWay() {
    return Map.copyOf(underWay);
  }

  /** Runs {@code job}; the key counts as busy until it has ended, then {@code afterwards} runs. */
  void run(Action action, Runnable job, Runnable afterwards) {
    underWay.put(action.key(), action);
    Executor executor = action instanceof Action.Pull ? pulls : others;
    executor.execute(
        () -> {
          try {
            job.run();
          } finally {
            underWay.remove(action.key());
            afterwards.run();
          }
        });
  }

  @Override
  public void close() {
    pulls.shutdownNow();
    others.shutdownNow();
  }

  private static ThreadPoolExecutor pool(String name, int threads) {
    var factory = Thread.ofPlatform().daemon().name(name + "-", 1).factory();
    var pool =
        new ThreadPoolExecutor(
            threads, threads, 20, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
