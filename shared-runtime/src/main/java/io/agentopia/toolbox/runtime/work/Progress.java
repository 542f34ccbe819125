package io.agentopia.toolbox.runtime.work;

import java.time.Duration;
import java.time.Instant;

/** How a service's work in the background goes, for operators. Thread-safe. */
public final class Progress {
  private final String name;
  private final Duration period;
  private long times;
  private int underWay;
  private Instant lastBegan;
  private Instant lastEnded;
  private Instant lastFailed;
  private String lastFailure;

  Progress(String name, Duration period) {
    this.name = name;
    this.period = period;
  }

  /**
   * @param period of looking when nothing wakes it
   * @param times it was done since the start of this instance
   * @param underWay how many are being worked on
   * @param lastFailure null while none has failed
   */
  public record Status(
      String name,
      Duration period,
      long times,
      int underWay,
      Instant lastBegan,
      Instant lastEnded,
      Instant lastFailed,
      String lastFailure) {}

  synchronized void began(Instant now) {
    times++;
    underWay++;
    lastBegan = now;
  }

  synchronized void ended(Instant now, Throwable failure) {
    underWay--;
    lastEnded = now;
    if (failure != null) {
      failed(now, failure);
    }
  }

  synchronized void failed(Instant now, Throwable failure) {
    lastFailed = now;
    lastFailure = failure.toString();
  }

  synchronized Status status() {
    return new Status(name, period, times, underWay, lastBegan, lastEnded, lastFailed, lastFailure);
  }
}
