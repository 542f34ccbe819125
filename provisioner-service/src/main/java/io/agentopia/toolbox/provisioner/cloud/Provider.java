package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.firewall.CloudFirewalls;

/** One cloud, with all that is wanted of it. Which one is used is said by its name. */
public interface Provider {

  /** As {@code provisioner.provider} has it. */
  String name();

  /**
   * Whose calls the cloud counts together: its API token.
   *
   * @throws IllegalStateException if none is set; the message says how
   */
  String account();

  CloudProvider droplets();

  CloudFirewalls firewalls();
}
