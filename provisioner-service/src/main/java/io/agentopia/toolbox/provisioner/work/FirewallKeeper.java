package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.firewall.CloudFirewalls;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall.Plan;
import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
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
  private final VertxContexts contexts;
  private final ProvisionerConfig.Firewall config;
  private final Optional<FleetFirewall> wanted;

  @Inject
  public FirewallKeeper(
      CloudFirewalls cloud, Leases leases, VertxContexts contexts, ProvisionerConfig config) {
    this.cloud = cloud;
    this.leases = leases;
    this.contexts = contexts;
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
  void start(@Observes StartupEvent event) {
    if (wanted.isEmpty()) {
      LOG.info(
          "fleet firewall not managed: provisioner.firewall.sources names no addresses of the control plane");
    }
  }

  @Scheduled(
      every = "${provisioner.firewall.every}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void keep() {
    wanted.ifPresent(
        firewall -> {
          try {
            if (isLeader()) {
              keep(firewall);
            }
          } catch (CompletionException e) {
            LOG.warnf(
                "fleet firewall not looked after, tried again in the next round: firewall=%s cause=%s",
                firewall.name(), e.getCause());
          }
        });
  }

  /** Two at once would do no harm: the cloud gives a name once, and both want the same. */
  private boolean isLeader() {
    return contexts.run(() -> leases.take("firewall", config.every().multipliedBy(2))).join();
  }

  private void keep(FleetFirewall firewall) {
    switch (firewall.plan(contexts.run(cloud::list).join())) {
      case Plan.Nothing() -> LOG.debugf("fleet firewall as wanted: firewall=%s", firewall.name());
      case Plan.Create() -> {
        run(cloud.create(firewall));
        LOG.infof("fleet firewall created: firewall=%s", firewall.name());
      }
      case Plan.Replace(var found, var drift) -> {
        run(cloud.replace(found, firewall));
        LOG.warnf(
            "fleet firewall was changed from outside, put right: firewall=%s id=%s found=%s",
            firewall.name(), found.id(), drift);
      }
    }
  }

  private void run(Uni<Void> call) {
    contexts.run(() -> call).join();
  }
}
