package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.toolbox.Lifecycle;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The lifecycle with the deadlines that are configured. */
final class Lifecycles {
  private Lifecycles() {}

  @Produces
  @Singleton
  static Lifecycle lifecycle(ProvisionerConfig config) {
    return new Lifecycle(config.deadlines());
  }
}
