package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonCreator;

/** The {@code status} column of {@code account_tool_environments}, and what users are shown. */
public enum ToolboxStatus implements WireName {
  /** Wanted; no droplet has been asked for yet. */
  PENDING_PROVISION,
  /** A droplet is being created or is booting. */
  PROVISIONING,
  /** The droplet has an address; its agent has not been found healthy yet. */
  AWAITING_HEARTBEAT,
  /** The agent is healthy; tools can run. */
  ACTIVE,
  /** It was active, and its agent is not healthy now. */
  UNRESPONSIVE,
  /** Gave up; code, message and action say why and what to do. */
  ERROR_PROVISIONING,
  /** Deletion is wanted. */
  PENDING_DEPROVISION,
  /** The droplet is being deleted. */
  DEPROVISIONING,
  /** Gone; no droplet is left. */
  DEPROVISIONED,
  /** The droplet could not be deleted; an operator has to look. */
  ERROR_DEPROVISIONING;

  @JsonCreator
  public static ToolboxStatus fromWire(String wire) {
    return WireName.of(ToolboxStatus.class, wire);
  }
}
