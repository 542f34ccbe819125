package io.agentopia.toolbox.simulator.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Starts the agents of machines. */
public interface AgentPrograms {
  /** Why no agent can be started; null when one can. */
  String missing(Path dropletDir);

  /**
   * @param dropletDir holds what the agent keeps, in {@code state}
   * @param environment as on a real droplet: docs/agent-protocol.md
   */
  RunningAgent start(long dropletId, Path dropletDir, Map<String, String> environment)
      throws IOException;
}
