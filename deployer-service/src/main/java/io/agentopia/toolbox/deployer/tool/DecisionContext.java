package io.agentopia.toolbox.deployer.tool;

import java.time.Duration;
import java.time.Instant;

/**
 * What a tool instance has to know of the world to decide.
 *
 * @param nextManifest the generation the manifest gets if this decision changes it
 */
public record DecisionContext(
    Instant now, boolean toolboxHealthy, long nextManifest, Deadlines deadlines) {

  /**
   * How long a tool instance waits.
   *
   * @param toolboxReady for its toolbox to be healthy
   * @param deploy from the manifest's change to the agent's report that it runs
   * @param restart to run again
   * @param stop to be reported stopped
   * @param removal to be missing from the agent's report
   */
  public record Deadlines(
      Duration toolboxReady, Duration deploy, Duration restart, Duration stop, Duration removal) {}

  Instant in(Duration time) {
    return now.plus(time);
  }
}
