package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.loop.Backoff;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * What failed for which tool, and when it is tried again. A failure belongs to a wish: as soon as
 * the manifest wants something else of the tool, it is forgotten.
 */
public final class BackoffTracker {
  private record Entry(String wish, int failures, Instant notBefore, Failure failure) {}

  private final Backoff backoff;
  private final DoubleSupplier random;
  private final Map<String, Entry> entries = new HashMap<>();

  public BackoffTracker(Backoff backoff, DoubleSupplier random) {
    this.backoff = backoff;
    this.random = random;
  }

  public synchronized boolean mayRun(String key, String wish, Instant now) {
    return entry(key, wish).map(e -> !now.isBefore(e.notBefore())).orElse(true);
  }

  public synchronized void failed(String key, String wish, Failure failure, Instant now) {
    var failures = entry(key, wish).map(Entry::failures).orElse(0) + 1;
    var notBefore = now.plus(backoff.after(failures, random.getAsDouble()));
    entries.put(key, new Entry(wish, failures, notBefore, failure));
  }

  public synchronized void succeeded(String key) {
    entries.remove(key);
  }

  public synchronized Optional<Failure> failure(String key, String wish) {
    return entry(key, wish).map(Entry::failure);
  }

  /** When the first waiting tool may be tried again. */
  public synchronized Optional<Instant> earliest(Instant now) {
    return entries.values().stream()
        .map(Entry::notBefore)
        .filter(now::isBefore)
        .min(Instant::compareTo);
  }

  /** Forgets everything that is neither wanted nor there. */
  public synchronized void retain(Collection<String> keys) {
    entries.keySet().retainAll(keys);
  }

  private Optional<Entry> entry(String key, String wish) {
    return Optional.ofNullable(entries.get(key)).filter(e -> e.wish().equals(wish));
  }
}
