package io.agentopia.toolbox.agent.identity;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;

/**
 * Who this agent is; given by the join.
 *
 * @param generation number of the droplet, from 1
 * @param agentToken authenticates calls to the control plane; renewed through heartbeats
 * @param inboundKey the control plane must present it when it calls in
 */
public record Identity(
    UUID toolboxId,
    String accountId,
    long generation,
    String agentToken,
    Instant agentTokenExpiresAt,
    String inboundKey,
    int heartbeatSeconds) {

  public Identity withToken(String token, Instant expiresAt) {
    return new Identity(
        toolboxId, accountId, generation, token, expiresAt, inboundKey, heartbeatSeconds);
  }

  public Identity withoutSecrets() {
    return new Identity(toolboxId, accountId, generation, null, null, null, heartbeatSeconds);
  }

  /** Without what would make the file worthless. */
  @JsonIgnore
  public boolean isComplete() {
    return toolboxId != null && agentToken != null && inboundKey != null;
  }

  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "Identity[toolboxId=" + toolboxId + ", generation=" + generation + "]";
  }
}
