package io.agentopia.toolbox.simulation;

import java.util.PriorityQueue;

/**
 * Virtual time and what is to happen in it. Two things at the same millisecond happen in the order
 * in which they were noted, so a run depends on nothing but its seed.
 */
final class Agenda {
  private record Entry(long at, long seq, Runnable what) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(seq, other.seq);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private long now;
  private long seq;

  /** Milliseconds since the world began. */
  long now() {
    return now;
  }

  /** How many things were done so far. */
  long steps() {
    return seq;
  }

  void at(long when, Runnable what) {
    entries.add(new Entry(Math.max(when, now), seq++, what));
  }

  void in(long millis, Runnable what) {
    at(now + millis, what);
  }

  /**
   * Does the next thing.
   *
   * @return false when nothing is left
   */
  boolean step() {
    var next = entries.poll();
    if (next == null) {
      return false;
    }
    now = next.at();
    next.what().run();
    return true;
  }
}
