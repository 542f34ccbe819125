package io.agentopia.toolbox.runtime.work;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Driver}'s source gave it.
 *
 * @param items each leased to this instance in the store, so that no other takes it
 * @param nextAt when the next one is due as far as is known, or null; later ones are announced, or
 *     found by the period
 */
public record Claimed<T>(List<T> items, @Nullable Instant nextAt) {
  public static <T> Claimed<T> nothing(Instant nextAt) {
    return new Claimed<>(List.of(), nextAt);
  }
}
