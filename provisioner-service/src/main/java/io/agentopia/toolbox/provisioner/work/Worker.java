package io.agentopia.toolbox.provisioner.work;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.runtime.work.Driver;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * Starts what is due in the database. Takes up toolboxes whose next step is due, each with a permit
 * of its own: a call to the cloud that hangs holds up no other toolbox. Each is leased in the row
 * itself, so instances share the work and a crashed one's is taken up again. A trigger on the table
 * announces what is due at once to the driver called {@value #NAME}.
 */
@ApplicationScoped
public class Worker {
  private static final String NAME = "steps";

  private final Drivers drivers;
  private final StepRunner steps;
  private final FleetWatch watch;
  private final ProvisionerConfig config;

  @Inject
  public Worker(Drivers drivers, StepRunner steps, FleetWatch watch, ProvisionerConfig config) {
    this.drivers = drivers;
    this.steps = steps;
    this.watch = watch;
    this.config = config;
  }

  void start(@Observes @Priority(200) StartupEvent event) {
    drivers.start(
        new Driver.Settings(NAME, config.workEvery(), config.stepsAtOnce()),
        steps::claim,
        steps::run);
    drivers.start(
        new Driver.Settings(FleetWatch.NAME, config.watchEvery(), 1),
        most -> watch.claim(),
        watch::look);
  }
}
