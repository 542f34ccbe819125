package io.agentopia.toolbox.runtime.work;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** For loops on a thread of their own: waits for an answer. */
public interface Await {

  /**
   * Blocks.
   *
   * @throws java.util.concurrent.CompletionException with the cause where the work fails
   */
  <T> T await(Supplier<Uni<T>> work);
}
