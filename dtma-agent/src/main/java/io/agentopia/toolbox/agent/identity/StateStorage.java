package io.agentopia.toolbox.agent.identity;

import java.io.IOException;
import java.util.Optional;

/** Where the state outlives the agent. It is replaced as a whole, or stays as it was. */
public interface StateStorage {
  /** The stored state, or empty when there is none yet. */
  Optional<AgentState> read() throws IOException;

  void write(AgentState state) throws IOException;
}
