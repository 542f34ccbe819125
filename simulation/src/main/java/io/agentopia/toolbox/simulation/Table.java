package io.agentopia.toolbox.simulation;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A service's rows by key, immutable values: what an open transaction has written is seen by
 * itself, and by everybody once it commits.
 */
final class Table<K, V> {
  private final Service service;
  private final Map<K, V> rows = new LinkedHashMap<>();
  private final Map<K, V> written = new HashMap<>();

  Table(Service service) {
    this.service = service;
  }

  /** Null where there is none. */
  V get(K key) {
    return service.isOpen() && written.containsKey(key) ? written.get(key) : rows.get(key);
  }

  /** In the open transaction; null takes it away. */
  void put(K key, V value) {
    if (written.isEmpty()) {
      service.open().write(this::commit, written::clear);
    }
    written.put(key, value);
  }

  /** What one statement changes at once, in no transaction. */
  void putAtOnce(K key, V value) {
    rows.put(key, value);
  }

  /** As they are committed, and as the open transaction changed them. */
  Collection<V> all() {
    if (written.isEmpty()) {
      return rows.values();
    }
    var all = new LinkedHashMap<>(rows);
    merge(all);
    return all.values();
  }

  private void commit() {
    merge(rows);
    written.clear();
  }

  private void merge(Map<K, V> into) {
    written.forEach(
        (key, value) -> {
          if (value == null) {
            into.remove(key);
          } else {
            into.put(key, value);
          }
        });
  }
}
