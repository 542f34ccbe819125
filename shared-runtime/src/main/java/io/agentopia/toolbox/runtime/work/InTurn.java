package io.agentopia.toolbox.runtime.work;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.function.Function;

/** One after the other, as a session wants it; the first that fails ends it. */
public final class InTurn {
  private InTurn() {}

  public static <T> Uni<Void> each(Iterable<T> all, Function<? super T, Uni<?>> work) {
    return Multi.createFrom()
        .iterable(all)
        .onItem()
        .transformToUniAndConcatenate(work::apply)
        .collect()
        .last()
        .replaceWithVoid();
  }
}
