package io.agentopia.toolbox.runtime.agent;

import java.util.UUID;

/**
 * Where the agent of a toolbox's present droplet listens.
 *
 * @param generation of the droplet; the key it is called with is derived from it
 */
public record AgentAddress(UUID toolboxId, long generation, String ipv4, int port) {
  @Override
  public String toString() {
    return ipv4 + ":" + port;
  }
}
