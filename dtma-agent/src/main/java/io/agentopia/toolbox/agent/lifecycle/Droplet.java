package io.agentopia.toolbox.agent.lifecycle;

import io.agentopia.toolbox.agent.disk.DiskSpace;
import io.agentopia.toolbox.agent.disk.DiskWatch;
import io.agentopia.toolbox.agent.metrics.Measurement;
import io.agentopia.toolbox.agent.metrics.SystemMetrics;
import io.agentopia.toolbox.agent.upgrade.UpgradeDirectory;
import io.agentopia.toolbox.agent.upgrade.UpgradeFiles;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/** The machine that the agent is on, besides its Docker engine. */
public record Droplet(
    Host host,
    Supplier<Map<Measurement, Number>> metrics,
    DiskWatch.Disk disk,
    UpgradeFiles upgradeFiles) {

  public static Droplet real(AgentSettings settings, String version, Clock clock) {
    return new Droplet(
        Host.read(settings, version),
        new SystemMetrics(settings.procDir(), settings.diskPath(), clock)::sample,
        () -> DiskSpace.read(settings.diskPath()),
        new UpgradeDirectory(settings.stateDir()));
  }
}
