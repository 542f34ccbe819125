package io.agentopia.toolbox.deployer.tool;

import io.agentopia.toolbox.events.ManifestTool;
import io.agentopia.toolbox.events.ToolSpec;
import java.util.UUID;

/**
 * What the account asked for, as far as it has got.
 *
 * @param revision rises with each new deployment of the instance, from 1; the agent replaces a
 *     container of another revision
 * @param restarts rises with each restart asked for; the agent restarts once for each rise
 * @param asked number of the last wish about it, as the edge counts them; what comes later and was
 *     asked earlier changes nothing
 */
public record DesiredTool(
    UUID toolInstanceId,
    String name,
    ToolSpec spec,
    Desired desired,
    long revision,
    long restarts,
    long asked) {

  /** As the agent reads it. */
  public ManifestTool inManifest() {
    return new ManifestTool(toolInstanceId, name, spec, desired.wire(), revision, restarts);
  }

  public static DesiredTool first(UUID toolInstanceId, String name, ToolSpec spec) {
    return new DesiredTool(toolInstanceId, name, spec, Desired.RUNNING, 1, 0, 0);
  }

  public boolean asks(Desired what) {
    return desired == what;
  }

  boolean isFor(String otherName, ToolSpec otherSpec) {
    return name.equals(otherName) && spec.equals(otherSpec);
  }

  DesiredTool anew(String newName, ToolSpec newSpec) {
    return new DesiredTool(
        toolInstanceId, newName, newSpec, Desired.RUNNING, revision + 1, restarts, asked);
  }

  DesiredTool but(Desired what) {
    return new DesiredTool(toolInstanceId, name, spec, what, revision, restarts, asked);
  }

  DesiredTool restarted() {
    return new DesiredTool(
        toolInstanceId, name, spec, Desired.RUNNING, revision, restarts + 1, asked);
  }

  /**
   * @param sequence 0 where whoever asks does not count
   */
  public boolean isOvertaken(long sequence) {
    return sequence > 0 && sequence <= asked;
  }

  DesiredTool asked(long sequence) {
    return new DesiredTool(
        toolInstanceId, name, spec, desired, revision, restarts, Math.max(asked, sequence));
  }
}
