package io.agentopia.toolbox.runtime.work;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * What is read, stored and told together. Everything that a service keeps is reached inside one, so
 * that its code does not say what keeps it.
 */
public interface UnitOfWork {

  /**
   * All of it or nothing. Where another one changed the same rows first it is done again from its
   * beginning, some times at most; so it must have no effect outside.
   */
  <T> Uni<T> inTransaction(Supplier<Uni<T>> work);

  /** For reading only. */
  <T> Uni<T> inSession(Supplier<Uni<T>> work);
}
