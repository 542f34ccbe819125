package io.agentopia.toolbox.runtime.http;

import io.agentopia.toolbox.events.Rules;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param nextCursor where the next page begins; null where there is none
 */
public record Slice<T>(List<T> items, @Nullable String nextCursor) {

  /**
   * @param found one more than {@code limit} where there is another page
   * @param end where a page ends that ends with this entry
   */
  public static <T> Slice<T> of(List<T> found, int limit, Function<T, Cursor<?>> end) {
    return found.size() > limit
        ? new Slice<>(found.subList(0, limit), end.apply(found.get(limit - 1)).text())
        : new Slice<>(found, null);
  }

  public <S> Slice<S> map(Function<? super T, S> each) {
    return new Slice<>(items.stream().<S>map(each).toList(), nextCursor);
  }

  /**
   * How many entries a page shall have.
   *
   * @param text as a client sends it
   * @param list its name, for the problem that tells of a wrong one
   */
  public static int limit(String text, int most, String list) {
    if (text.matches("[0-9]{1,4}")) {
      var limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    }
    throw Problem.invalid(
            "The list of %s was not read.".formatted(list),
            List.of(Rules.Violation.of("limit", "must be 1 to " + most, text)))
        .exception();
  }
}
