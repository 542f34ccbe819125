package io.agentopia.toolbox.agent.lifecycle;

import io.agentopia.toolbox.agent.loop.Loops;
import io.agentopia.toolbox.agent.loop.ThreadLoops;
import io.agentopia.toolbox.agent.loop.Timing;
import io.agentopia.toolbox.agent.reconcile.ActionExecutor;
import io.agentopia.toolbox.agent.reconcile.ActionThreads;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * How the agent runs: in real time and on threads, or in a simulation's.
 *
 * @param entropy of which secrets are made
 * @param exit ends the process, with a code
 */
public record Execution(
    Timing timing, RandomGenerator entropy, Loops loops, ActionExecutor actions, IntConsumer exit) {

  private static final int NONCE_BYTES = 32;

  /** 32 random bytes, hex. */
  String newNonce() {
    var bytes = new byte[NONCE_BYTES];
    entropy.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  public static Execution onThreads(Clock clock, IntConsumer exit) {
    var random = new SecureRandom();
    return new Execution(
        new Timing(clock, random::nextDouble),
        random,
        new ThreadLoops(),
        new ActionThreads(),
        exit);
  }
}
