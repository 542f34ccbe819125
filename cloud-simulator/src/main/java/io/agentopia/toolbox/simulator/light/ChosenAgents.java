package io.agentopia.toolbox.simulator.light;

import io.agentopia.toolbox.simulator.SimulatorConfig.AgentKind;
import io.agentopia.toolbox.simulator.boot.AgentPrograms;
import io.agentopia.toolbox.simulator.boot.RunningAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Agents of the kind that is chosen at the moment. A droplet keeps the kind that its agent had
 * first, as its disk shows.
 */
public final class ChosenAgents implements AgentPrograms {
  private final AgentPrograms processes;
  private final AgentPrograms light;
  private volatile AgentKind chosen;

  public ChosenAgents(AgentPrograms processes, AgentPrograms light, AgentKind chosen) {
    this.processes = processes;
    this.light = light;
    this.chosen = chosen;
  }

  /** For the agents of droplets that have had none yet. */
  public void choose(AgentKind kind) {
    chosen = kind;
  }

  @Override
  public String missing(Path dropletDir) {
    return of(dropletDir).missing(dropletDir);
  }

  @Override
  public RunningAgent start(long dropletId, Path dropletDir, Map<String, String> environment)
      throws IOException {
    return of(dropletDir).start(dropletId, dropletDir, environment);
  }

  private AgentPrograms of(Path dropletDir) {
    if (LightAgents.hasLivedAt(dropletDir)) {
      return light;
    }
    var isNew = !Files.exists(dropletDir.resolve("agent.log"));
    return isNew && chosen == AgentKind.LIGHT ? light : processes;
  }
}
