package io.agentopia.toolbox.runtime.messaging;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What became of the rows of one look into the outbox, row by row. Pure. Each row counts by itself:
 * one that cannot be sent stops the later ones of its toolbox, which would overtake it, and nobody
 * else.
 */
final class Relayed {
  /**
   * An event on its way.
   *
   * @param id in the order of publishing
   * @param headers as JSON
   */
  record Row(long id, String topic, String key, String headers, String body) {}

  private final List<Long> published = new ArrayList<>();
  private final Map<Row, Failure.Permanent> refused = new LinkedHashMap<>();
  private final Map<Row, Throwable> failed = new LinkedHashMap<>();
  private final Set<String> stoppedKeys = new HashSet<>();
  private final Set<String> silentTopics = new HashSet<>();

  /**
   * Rows that go together: of each toolbox the next one, so that none is sent before the one ahead
   * of it is acknowledged.
   */
  static List<List<Row>> waves(List<Row> rows) {
    var places = new LinkedHashMap<String, Integer>();
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row -> places.merge(row.key(), 1, Integer::sum),
                java.util.TreeMap::new,
                Collectors.toList()))
        .values()
        .stream()
        .toList();
  }

  boolean mayGo(Row row) {
    return !stoppedKeys.contains(row.key()) && !silentTopics.contains(row.topic());
  }

  void acknowledged(Row row) {
    published.add(row.id());
  }

  void failed(Row row, Throwable thrown) {
    stoppedKeys.add(row.key());
    Refusal.of(thrown).ifPresentOrElse(f -> refused.put(row, f), () -> failed.put(row, thrown));
  }

  /** The client has waited for this topic in vain: nothing else waits for it in this look. */
  void silent(String topic) {
    silentTopics.add(topic);
  }

  List<Long> published() {
    return published;
  }

  /** For good, and why. */
  Map<Row, Failure.Permanent> refused() {
    return refused;
  }

  /** To be tried again, and why. */
  Map<Row, Throwable> failed() {
    return failed;
  }
}
