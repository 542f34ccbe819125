package io.agentopia.toolbox.agent.tools;

/**
 * @param hostPort port on the droplet's loopback address, or null: any free one
 * @param protocol {@code tcp} or {@code udp}
 */
public record Port(int containerPort, Integer hostPort, String protocol) {
  public Port {
    protocol = protocol == null || protocol.isBlank() ? "tcp" : protocol;
  }
}
