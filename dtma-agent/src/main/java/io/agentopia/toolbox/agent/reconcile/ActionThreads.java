package io.agentopia.toolbox.agent.reconcile;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Pulls have threads of their own: they take minutes, and other tools shall not wait for them. */
public final class ActionThreads implements ActionExecutor {
  private static final int PULLS = 2;
  private static final int OTHERS = 4;

  private final ThreadPoolExecutor pulls = pool("dtma-pull", PULLS);
  private final ThreadPoolExecutor others = pool("dtma-tool", OTHERS);

  @Override
  public void execute(Action action, Runnable job) {
    (action instanceof Action.Pull ? pulls : others).execute(job);
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
