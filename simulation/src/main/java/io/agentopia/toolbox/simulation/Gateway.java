package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ManifestTool;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.UUID;

/**
 * Keeps manifests and hands them to agents, whose calls it takes even while the deployer is away;
 * now and then something in between answers with an old one.
 */
final class Gateway extends Service {
  private final Table<Integer, Manifest> newest = new Table<>(this);
  private final Manifest[] older = new Manifest[World.TOOLBOXES];

  /** As docs/agent-protocol.md describes it. */
  record Manifest(UUID toolboxId, long generation, List<ManifestTool> tools) {}

  Gateway(World world) {
    super(world, "gateway");
    live(process -> List.of(new Keeping()));
  }

  /** What heartbeats' answers tell. */
  long generation(int toolbox) {
    var kept = newest.get(toolbox);
    return kept == null ? 0 : kept.generation();
  }

  Manifest read(int toolbox, UUID id) {
    if (older[toolbox] != null && world.chance.fault(4)) {
      return older[toolbox];
    }
    var kept = newest.get(toolbox);
    var answer = kept == null ? new Manifest(id, 0, List.of()) : kept;
    if (older[toolbox] == null || world.chance.percent(30)) {
      older[toolbox] = answer;
    }
    return answer;
  }

  private final class Keeping implements EventHandler<ToolboxManifestChanged> {
    @Override
    public Class<ToolboxManifestChanged> type() {
      return ToolboxManifestChanged.class;
    }

    @Override
    public Uni<Void> handle(ToolboxManifestChanged told, EventEnvelope envelope) {
      var i = World.index(told.toolboxId());
      if (told.manifestGeneration() > generation(i)) {
        newest.put(i, new Manifest(told.toolboxId(), told.manifestGeneration(), told.tools()));
        open().write(() -> world.wakeAgent(i));
      }
      return Uni.createFrom().voidItem();
    }
  }
}
