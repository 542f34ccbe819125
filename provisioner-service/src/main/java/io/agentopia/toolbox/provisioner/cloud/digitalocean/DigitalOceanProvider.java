package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.Provider;
import io.agentopia.toolbox.provisioner.firewall.CloudFirewalls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** DigitalOcean. */
@ApplicationScoped
class DigitalOceanProvider implements Provider {
  private final DigitalOcean droplets;
  private final DigitalOceanFirewalls firewalls;
  private final ProvisionerConfig config;

  @Inject
  DigitalOceanProvider(
      DigitalOcean droplets, DigitalOceanFirewalls firewalls, ProvisionerConfig config) {
    this.droplets = droplets;
    this.firewalls = firewalls;
    this.config = config;
  }

  @Override
  public String name() {
    return "digitalocean";
  }

  @Override
  public String account() {
    return config
        .digitaloceanToken()
        .filter(token -> !token.isBlank())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "DIGITALOCEAN_TOKEN (provisioner.digitalocean-token) is not set"));
  }

  @Override
  public CloudProvider droplets() {
    return droplets;
  }

  @Override
  public CloudFirewalls firewalls() {
    return firewalls;
  }
}
