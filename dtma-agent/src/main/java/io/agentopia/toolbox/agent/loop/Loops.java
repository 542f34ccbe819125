package io.agentopia.toolbox.agent.loop;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs loops beside each other; none of its calls waits for a step. */
public interface Loops {
  /** In the order given. */
  static Map<String, Loop> byName(Loop... loops) {
    var named = new LinkedHashMap<String, Loop>();
    Arrays.stream(loops).forEach(loop -> named.put(loop.name(), loop));
    return named;
  }

  void start(Loop loop);

  boolean isStarted(String name);

  /** Cuts the pause short. Who has not been started is not woken: its first step looks anyway. */
  void wake(String name);

  /** They end, in the middle of their steps if need be; those that were not started are left. */
  void end(Collection<String> names);

  /** All end; waits for it, but no longer than {@code within}. */
  void stop(Duration within) throws InterruptedException;
}
