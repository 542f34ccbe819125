package io.agentopia.toolbox.provisioner.cloud;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.firewall.CloudFirewalls;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.List;

/** Chooses the {@link Provider}. What nobody chose needs no settings. */
@ApplicationScoped
public class Providers {
  private final Provider chosen;

  @Inject
  public Providers(@All List<Provider> all, ProvisionerConfig config) {
    chosen =
        all.stream()
            .filter(provider -> provider.name().equals(config.provider()))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "provisioner.provider must be one of "
                            + all.stream().map(Provider::name).sorted().toList()
                            + ", found '"
                            + config.provider()
                            + "'"));
  }

  /** What is wrong with the settings is found out at once. */
  void start(@Observes StartupEvent event) {
    chosen.account();
  }

  public String account() {
    return chosen.account();
  }

  @Produces
  @ApplicationScoped
  CloudProvider droplets() {
    return chosen.droplets();
  }

  @Produces
  @ApplicationScoped
  CloudFirewalls firewalls() {
    return chosen.firewalls();
  }
}
