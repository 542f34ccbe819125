package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.deployer.manifest.Manifest;
import java.util.UUID;

/** The manifest's way to the agent: now and then something in between answers with an old one. */
final class Manifests {
  private final World world;
  private final Manifest[] older;

  Manifests(World world, int toolboxes) {
    this.world = world;
    older = new Manifest[toolboxes];
  }

  Manifest read(int toolbox, UUID id) {
    if (older[toolbox] != null && world.chance.fault(4)) {
      return older[toolbox];
    }
    var newest = world.deployer.manifest(toolbox, id);
    if (older[toolbox] == null || world.chance.percent(30)) {
      older[toolbox] = newest;
    }
    return newest;
  }
}
