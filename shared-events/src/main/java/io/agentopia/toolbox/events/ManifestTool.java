package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.UUID;

/**
 * One tool that shall be on a droplet, as its agent reads it: the specification's fields stand
 * beside these.
 *
 * @param desired {@code running} or {@code stopped}
 * @param revision rises with each new deployment of the instance, from 1; the agent replaces a
 *     container of another revision
 * @param restarts rises with each restart asked for; the agent restarts once for each rise
 */
public record ManifestTool(
    UUID toolInstanceId,
    String name,
    @JsonUnwrapped ToolSpec spec,
    String desired,
    long revision,
    long restarts) {
  public ManifestTool {
    Required.value("toolInstanceId", toolInstanceId);
    Required.text("name", name);
    Required.text("desired", desired);
  }

  /** The environment is for nobody's log. */
  @Override
  public String toString() {
    return "ManifestTool[" + toolInstanceId + ", " + name + "]";
  }
}
