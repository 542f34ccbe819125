package io.agentopia.toolbox.provisioner.cloud;

class InMemoryCloudTest extends CloudProviderContract {
  private final InMemoryCloud cloud = new InMemoryCloud();

  @Override
  CloudProvider cloud() {
    return cloud;
  }
}
