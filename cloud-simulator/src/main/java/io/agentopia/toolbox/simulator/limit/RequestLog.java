package io.agentopia.toolbox.simulator.limit;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Which requests the API has seen since the simulator started. */
public final class RequestLog {
  private static final int KEPT = 2000;
  private static final Pattern ID =
      Pattern.compile("/(\\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=/|$)");

  public record Seen(Instant at, String method, String path, int status) {}

  public record Summary(
      long total, Map<String, Long> byOperation, Map<Integer, Long> byStatus, List<Seen> latest) {}

  private final Deque<Seen> latest = new ArrayDeque<>();
  private final Map<String, Long> byOperation = new TreeMap<>();
  private final Map<Integer, Long> byStatus = new TreeMap<>();
  private long total;

  /**
   * @param status 0: no answer was sent
   */
  public synchronized void add(Instant at, String method, String path, int status) {
    total++;
    byOperation.merge(method + " " + ID.matcher(path).replaceAll("/{id}"), 1L, Long::sum);
    byStatus.merge(status, 1L, Long::sum);
    latest.addLast(new Seen(at, method, path, status));
    if (latest.size() > KEPT) {
      latest.removeFirst();
    }
  }

  public synchronized Summary summary() {
    return new Summary(
        total, new TreeMap<>(byOperation), new TreeMap<>(byStatus), List.copyOf(latest));
  }
}
