package io.agentopia.toolbox.simulation;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Rows of a service that its code changes in place, as Hibernate has them: what a transaction reads
 * is a copy of its own, and what has become of it is stored at the commit. Outside of transactions
 * everybody gets copies too.
 */
final class Entities<K, E> {
  private final Service service;
  private final Function<E, K> key;
  private final BiConsumer<E, E> stored;
  private final Field[] fields;
  private final Map<K, E> rows = new LinkedHashMap<>();
  private final Map<K, E> managed = new LinkedHashMap<>();

  /**
   * @param stored told of each row that a commit changes: as it was, or null, and as it is
   */
  Entities(Service service, Class<E> type, Function<E, K> key, BiConsumer<E, E> stored) {
    this.service = service;
    this.key = key;
    this.stored = stored;
    fields =
        Arrays.stream(type.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .peek(field -> field.setAccessible(true))
            .toArray(Field[]::new);
  }

  /** Null where there is none. */
  E get(K key) {
    if (!service.isOpen()) {
      var row = rows.get(key);
      return row == null ? null : copy(row);
    }
    var known = managed.get(key);
    if (known != null) {
      return known;
    }
    var row = rows.get(key);
    return row == null ? null : manage(key, copy(row));
  }

  /** In the open transaction. */
  void add(E row) {
    manage(key.apply(row), row);
  }

  private E manage(K key, E row) {
    if (managed.isEmpty()) {
      service.open().write(this::commit, managed::clear);
    }
    managed.put(key, row);
    return row;
  }

  /** As they are, for looking only; what the open transaction has read is as it made it. */
  Stream<E> all() {
    return managed.isEmpty()
        ? rows.values().stream()
        : Stream.concat(
            rows.entrySet().stream()
                .filter(row -> !managed.containsKey(row.getKey()))
                .map(Map.Entry::getValue),
            managed.values().stream());
  }

  /** The committed row itself; null where there is none. */
  E row(K key) {
    return rows.get(key);
  }

  Collection<E> rows() {
    return rows.values();
  }

  /** What one statement changes at once. */
  void put(E row) {
    rows.put(key.apply(row), row);
  }

  private void commit() {
    managed.forEach(
        (key, row) -> {
          var before = rows.get(key);
          if (before == null || !isSame(before, row)) {
            stored.accept(before, row);
            rows.put(key, row);
          }
        });
    managed.clear();
  }

  E copy(E row) {
    try {
      @SuppressWarnings("unchecked")
      var copy = (E) row.getClass().getConstructor().newInstance();
      for (var field : fields) {
        field.set(copy, field.get(row));
      }
      return copy;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isSame(E a, E b) {
    try {
      for (var field : fields) {
        if (!Objects.equals(field.get(a), field.get(b))) {
          return false;
        }
      }
      return true;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
