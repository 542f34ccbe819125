package io.agentopia.toolbox.runtime.work;

import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/** Several things at the same time, each with a session of its own, and none for ever. */
public interface Beside {
  <T> Uni<T> beside(Supplier<Uni<T>> work);
}
