package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.firewall.CloudFirewalls;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall.Plan;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Makes the fleet's firewall once and keeps it as it shall be, whatever others do to it. One
 * instance does, slowly: one list each time.
 */
@ApplicationScoped
public class FirewallKeeper {
  private static final Logger LOG = Logger.getLogger(FirewallKeeper.class);

  private final CloudFirewalls cloud;
  private final Leases leases;
  private final ProvisionerConfig.Firewall config;
  private final Optional<FleetFirewall> wanted;

  @Inject
  public FirewallKeeper(CloudFirewalls cloud, Leases leases, ProvisionerConfig config) {
    this.cloud = cloud;
    this.leases = leases;
    this.config = config.firewall();
    this.wanted =
        this.config
            .sources()
            .filter(sources -> !sources.isEmpty())
            .map(
                sources ->
                    FleetFirewall.of(
                        config.fleetTag(),
                        this.config.agentPort(),
                        sources,
                        this.config.sshSources().orElse(List.of())));
  }

  /** Also finds a wrong address at once. */
  void start(@Observes StartupEvent event, Drivers drivers) {
    if (wanted.isEmpty()) {
      LOG.info(
          "fleet firewall not managed: provisioner.firewall.sources names no addresses of the control plane");
    }
    wanted.ifPresent(firewall -> drivers.every("firewall", config.every(), () -> keep(firewall)));
  }

  /** Two at once would do no harm: the cloud gives a name once, and both want the same. */
  private Uni<Void> keep(FleetFirewall firewall) {
    return leases
        .take("firewall", config.every().multipliedBy(2))
        .flatMap(
            isLeader ->
                isLeader
                    ? cloud.list().flatMap(found -> mend(firewall, firewall.plan(found)))
                    : Uni.createFrom().voidItem());
  }

  private Uni<Void> mend(FleetFirewall firewall, Plan plan) {
    return switch (plan) {
      case Plan.Nothing() -> {
        LOG.debugf("fleet firewall as wanted: firewall=%s", firewall.name());
        yield Uni.createFrom().voidItem();
      }
      case Plan.Create() ->
          cloud
              .create(firewall)
              .invoke(() -> LOG.infof("fleet firewall created: firewall=%s", firewall.name()));
      case Plan.Replace(var found, var drift) ->
          cloud
              .replace(found, firewall)
              .invoke(
                  () ->
                      LOG.warnf(
                          "fleet firewall was changed from outside, put right: firewall=%s id=%s found=%s",
                          firewall.name(), found.id(), drift));
    };
  }
}
