package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.ManifestMembership;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import java.util.List;

/** The desired tools of one toolbox, as docs/agent-protocol.md describes them. */
final class Manifest {
  private Manifest() {}

  /**
   * @param tools all of the toolbox, in the order in which they came
   */
  static ToolboxManifestChanged of(Toolbox toolbox, List<ToolInstance> tools) {
    return new ToolboxManifestChanged(
        toolbox.subject(toolbox.manifestGeneration()),
        tools.stream()
            .filter(tool -> tool.membership() == ManifestMembership.LISTED)
            .map(tool -> tool.wanted().inManifest())
            .toList());
  }
}
