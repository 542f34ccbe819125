package io.agentopia.toolbox.runtime.lifecycle;

import java.util.List;
import java.util.function.Function;

/**
 * What a fact makes of a state: the one result of every lifecycle here. Pure.
 *
 * @param <S> the state
 * @param <E> what is told of a change
 */
public sealed interface Transition<S, E> {

  /**
   * @param events in the order in which they are told
   */
  record Changed<S, E>(S to, List<E> events) implements Transition<S, E> {
    public Changed {
      events = List.copyOf(events);
    }
  }

  /**
   * A late, repeated or impossible fact.
   *
   * @param why for the log
   */
  record Ignored<S, E>(String why) implements Transition<S, E> {}

  @SafeVarargs
  static <S, E> Transition<S, E> to(S state, E... events) {
    return new Changed<>(state, List.of(events));
  }

  static <S, E> Transition<S, E> ignored(String why) {
    return new Ignored<>(why);
  }

  /** The same change of something that holds the state. */
  default <T> Transition<T, E> map(Function<? super S, ? extends T> holder) {
    return switch (this) {
      case Changed<S, E> c -> new Changed<>(holder.apply(c.to()), c.events());
      case Ignored<S, E> i -> new Ignored<>(i.why());
    };
  }

  /** The state there is now. */
  default S or(S before) {
    return switch (this) {
      case Changed<S, E> c -> c.to();
      case Ignored<S, E> i -> before;
    };
  }
}
