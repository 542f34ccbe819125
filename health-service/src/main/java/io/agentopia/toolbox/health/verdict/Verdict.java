package io.agentopia.toolbox.health.verdict;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The decision made of all findings.
 *
 * @param isHealthy every check is OK
 * @param trouble the first bad finding, if any
 * @param lookAgainAt when time alone can change the verdict, or null
 */
public record Verdict(
    List<Finding> findings, boolean isHealthy, Optional<Finding> trouble, Instant lookAgainAt) {

  public static Verdict of(Signals signals, Thresholds thresholds, Instant now) {
    var findings =
        HealthCheck.ALL.stream().map(check -> check.look(signals, thresholds, now)).toList();
    return new Verdict(
        findings,
        findings.stream().allMatch(f -> f.outcome() == Finding.Outcome.OK),
        findings.stream().filter(f -> f.outcome() == Finding.Outcome.BAD).findFirst(),
        findings.stream()
            .map(Finding::lookAgainAt)
            .filter(Objects::nonNull)
            .min(Instant::compareTo)
            .orElse(null));
  }
}
