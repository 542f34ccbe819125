package io.agentopia.toolbox.simulator.fault;

/**
 * A fault that waits to strike.
 *
 * @param left how often it still strikes; null: until it is removed
 * @param probability that it strikes where it could, 0 to 1
 * @param status HTTP status of {@code server_error} and {@code pull_fails}, exit code of a {@code
 *     broken_agent}
 * @param delayMs how long {@code slow}, {@code stale_list} and {@code timeout_after_create} last,
 *     and after how long a droplet {@code disappears} and a {@code broken_agent} ends
 */
public record Fault(
    String id,
    FaultKind kind,
    Integer left,
    double probability,
    Match match,
    int status,
    long delayMs,
    int retryAfterSeconds) {

  Fault struckOnce() {
    return left == null
        ? this
        : new Fault(id, kind, left - 1, probability, match, status, delayMs, retryAfterSeconds);
  }

  boolean isUsedUp() {
    return left != null && left <= 0;
  }
}
