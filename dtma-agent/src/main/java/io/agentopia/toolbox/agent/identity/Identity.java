package io.agentopia.toolbox.agent.identity;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Who this agent is; given by the join.
 *
 * @param generation number of the droplet, from 1
 * @param agentToken authenticates calls to the control plane; renewed through heartbeats
 * @param inboundKey the one in use at the join: all there is where no others were told
 * @param inboundKeys the control plane presents one of them when it calls in; several while it
 *     rotates its keys, the first being in use
 */
public record Identity(
    UUID toolboxId,
    String accountId,
    long generation,
    String agentToken,
    Instant agentTokenExpiresAt,
    String inboundKey,
    List<InboundKey> inboundKeys,
    int heartbeatSeconds) {

  public Identity {
    inboundKeys =
        inboundKeys == null || inboundKeys.isEmpty()
            ? inboundKey == null ? List.of() : List.of(new InboundKey(null, inboundKey, null))
            : List.copyOf(inboundKeys);
  }

  public Identity withToken(String token, Instant expiresAt) {
    return new Identity(
        toolboxId,
        accountId,
        generation,
        token,
        expiresAt,
        inboundKey,
        inboundKeys,
        heartbeatSeconds);
  }

  /** Null or none: as before. */
  public Identity withInboundKeys(List<InboundKey> told) {
    return told == null || told.stream().noneMatch(k -> k.key() != null)
        ? this
        : new Identity(
            toolboxId,
            accountId,
            generation,
            agentToken,
            agentTokenExpiresAt,
            told.getFirst().key(),
            told,
            heartbeatSeconds);
  }

  public Identity withoutSecrets() {
    return new Identity(toolboxId, accountId, generation, null, null, null, null, heartbeatSeconds);
  }

  /** Without what would make the file worthless. */
  @JsonIgnore
  public boolean isComplete() {
    return toolboxId != null && agentToken != null && !inboundKeys.isEmpty();
  }

  @JsonIgnore
  public List<String> inboundKeyIds() {
    return inboundKeys.stream().map(InboundKey::id).filter(Objects::nonNull).toList();
  }

  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "Identity[toolboxId=" + toolboxId + ", generation=" + generation + "]";
  }
}
