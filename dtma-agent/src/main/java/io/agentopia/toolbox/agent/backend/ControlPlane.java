package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.tools.Manifest;

/** The control plane as the agent calls it. Every call is limited in time and throws nothing. */
public interface ControlPlane {
  Answer<Identity> join(String joinToken, Wire.JoinRequest request) throws InterruptedException;

  Answer<Wire.HeartbeatReply> heartbeat(String agentToken, Wire.Heartbeat heartbeat)
      throws InterruptedException;

  /** A new token for the one that is refused. */
  Answer<Wire.Credentials> renew(String agentToken, Wire.Renewal renewal)
      throws InterruptedException;

  Answer<Manifest> manifest(String agentToken) throws InterruptedException;

  Answer<Void> report(String agentToken, Wire.Report report) throws InterruptedException;
}
