package io.agentopia.toolbox.provisioner.firewall;

import io.agentopia.toolbox.provisioner.firewall.FleetFirewall.Found;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** The cloud's firewalls. Every call fails where the cloud does not do what it is asked for. */
public interface CloudFirewalls {
  Uni<List<Found>> list();

  /** The firewall's tag is made as well, where there is none yet. */
  Uni<Void> create(FleetFirewall firewall);

  /** As a whole; only single droplets that someone has put behind it stay. */
  Uni<Void> replace(Found found, FleetFirewall firewall);
}
