package io.agentopia.toolbox.agent.identity;

import java.time.Instant;

/**
 * A key the control plane may present when it calls in.
 *
 * @param id tells the control plane which ones this agent knows; null when it was not told
 * @param notAfter null: until the control plane tells others
 */
public record InboundKey(String id, String key, Instant notAfter) {
  public boolean isAccepted(Instant now) {
    return key != null && (notAfter == null || now.isBefore(notAfter));
  }

  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "InboundKey[id=" + id + "]";
  }
}
