package io.agentopia.toolbox.simulation;

import io.smallrye.mutiny.Uni;

/** What is stored in memory answers at once. */
final class Now {
  private Now() {}

  /**
   * @throws RuntimeException as the work failed
   * @throws IllegalStateException if the answer is not there yet: what takes time has no place in a
   *     transaction
   */
  static <T> T of(Uni<T> work) {
    var said = new Said<T>();
    work.subscribe()
        .with(
            item -> {
              said.isItem = true;
              said.item = item;
            },
            failure -> said.failure = failure);
    return said.get();
  }

  private static final class Said<T> {
    private boolean isItem;
    private T item;
    private Throwable failure;

    T get() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure != null || !isItem) {
        throw new IllegalStateException("no answer at once", failure);
      }
      return item;
    }
  }
}
