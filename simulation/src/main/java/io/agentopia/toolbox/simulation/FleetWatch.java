package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Droplet;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Outcome;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the provisioner's fleet watch does: one list for all, differences become facts. */
final class FleetWatch {
  private static final long BUSY = 4_000;
  private static final long IDLE = 30_000;

  private final World world;
  private final Provisioner provisioner;
  private final int toolboxes;
  private Set<Long> missedLastTime = Set.of();
  private long lookAt;

  FleetWatch(World world, Provisioner provisioner, int toolboxes) {
    this.world = world;
    this.provisioner = provisioner;
    this.toolboxes = toolboxes;
    world.agenda.in(BUSY, this::tick);
  }

  private void tick() {
    world.agenda.in(BUSY, this::tick);
    var leader = provisioner.anyInstance();
    var now = world.agenda.now();
    if (leader != null && now >= lookAt) {
      var rows = new Toolbox[toolboxes];
      var isBusy = false;
      var hasAny = false;
      for (var i = 0; i < toolboxes; i++) {
        rows[i] = provisioner.row(i);
        isBusy |= rows[i] != null && rows[i].state() instanceof Booting;
        hasAny |= rows[i] != null && dropletOf(rows[i]) != 0;
      }
      lookAt = now + (isBusy ? BUSY : IDLE);
      if (hasAny) {
        world.cloud.list(leader, -1, listed -> compare(leader, rows, listed));
      }
    }
  }

  private void compare(Process leader, Toolbox[] rows, Listed listed) {
    if (listed instanceof Listed.Droplets droplets) {
      compare(leader, rows, droplets.droplets());
    }
  }

  private void compare(Process leader, Toolbox[] rows, List<Droplet> listed) {
    var byId = new HashMap<Long, Droplet>();
    listed.forEach(d -> byId.put(d.id(), d));
    var missed = new HashSet<Long>();
    for (var i = 0; i < toolboxes; i++) {
      var id = rows[i] == null ? 0 : dropletOf(rows[i]);
      var droplet = byId.get(id);
      if (droplet != null && rows[i].state() instanceof Unresponsive s && s.lost()) {
        confirmFound(leader, i, rows[i], droplet);
      } else if (droplet != null) {
        record(leader, i, rows[i], new Fact.DropletSeen(id, droplet.active(), droplet.ipv4()));
      } else if (id != 0) {
        missed.add(id);
        if (missedLastTime.contains(id)) {
          confirmMissing(leader, i, rows[i], id);
        }
      }
    }
    missedLastTime = missed;
  }

  private void confirmMissing(Process leader, int i, Toolbox row, long id) {
    world.cloud.isKnown(
        leader,
        id,
        known -> {
          if (known == Known.NO) {
            record(leader, i, row, new Fact.DropletMissing(id));
          }
        });
  }

  private void confirmFound(Process leader, int i, Toolbox row, Droplet droplet) {
    world.cloud.isKnown(
        leader,
        droplet.id(),
        known -> {
          if (known == Known.YES) {
            record(leader, i, row, new Fact.DropletFound(droplet.id(), droplet.ipv4()));
          }
        });
  }

  private void record(Process leader, int i, Toolbox row, Fact fact) {
    if (provisioner.lifecycle().apply(row, fact, world.instant()) instanceof Outcome.Changed) {
      provisioner.record(leader, i, fact);
    }
  }

  /** The {@code droplet_id} column; 0 for null. */
  private static long dropletOf(Toolbox toolbox) {
    return switch (toolbox.state()) {
      case Booting s -> s.dropletId();
      case AwaitingHeartbeat s -> s.dropletId();
      case Active s -> s.dropletId();
      case Unresponsive s -> s.dropletId();
      case PendingProvision s -> 0;
      case Creating s -> 0;
      case ErrorProvisioning s -> 0;
      case Replacing s -> 0;
      case PendingDeprovision s -> 0;
      case Deprovisioning s -> 0;
      case Deprovisioned s -> 0;
      case ErrorDeprovisioning s -> 0;
    };
  }
}
