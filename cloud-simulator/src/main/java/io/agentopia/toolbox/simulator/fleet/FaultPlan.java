package io.agentopia.toolbox.simulator.fleet;

import io.agentopia.toolbox.simulator.SimulatorConfig.Delays;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.droplet.Plan;
import io.agentopia.toolbox.simulator.droplet.Spec;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match.Target;
import java.time.Instant;
import java.util.List;

/** What lies ahead of a new droplet: the configured delays, and the faults that strike it. */
public final class FaultPlan {
  private final Delays delays;
  private final FaultBook faults;

  public FaultPlan(Delays delays, FaultBook faults) {
    this.delays = delays;
    this.faults = faults;
  }

  Droplet.Birth of(long id, Spec spec, List<String> tags, Instant now) {
    var target = Target.droplet(id, spec.name(), tags, spec.region());
    var addressless = faults.strike(FaultKind.NO_ADDRESS, target).isPresent();
    var plan =
        new Plan(
            addressless ? null : now.plus(delays.addressAfter()),
            null,
            delays.bootAfter(),
            after(FaultKind.DISAPPEARS, target, now),
            after(FaultKind.STALE_LIST, target, now),
            faults.strike(FaultKind.NEVER_BOOTS, target).isPresent(),
            false);
    return new Droplet.Birth(now.plus(delays.activeAfter()), plan);
  }

  private Instant after(FaultKind kind, Target target, Instant now) {
    return faults.strike(kind, target).map(f -> now.plusMillis(f.delayMs())).orElse(null);
  }
}
