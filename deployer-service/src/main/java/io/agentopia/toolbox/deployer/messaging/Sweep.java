package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.deployer.config.DeployerConfig;
import io.agentopia.toolbox.deployer.toolbox.Decision;
import io.agentopia.toolbox.deployer.toolbox.DeployPolicy;
import io.agentopia.toolbox.deployer.toolbox.ToolboxTools;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What is due though no event says so: deadlines that have passed, and manifests of a time when
 * they were not published. Several instances share the work: a toolbox that another one is at is
 * skipped, and each toolbox is a transaction of its own, so one that fails holds up none.
 */
@ApplicationScoped
public class Sweep {
  private static final Logger LOG = Logger.getLogger(Sweep.class);
  private static final int MOST = 200;

  private final ToolboxStore toolboxes;
  private final Deployments deployments;
  private final UnitOfWork units;
  private final DeployPolicy policy;
  private final Clock clock;

  @Inject
  public Sweep(
      ToolboxStore toolboxes,
      Deployments deployments,
      UnitOfWork units,
      DeployPolicy policy,
      Clock clock) {
    this.toolboxes = toolboxes;
    this.deployments = deployments;
    this.units = units;
    this.policy = policy;
    this.clock = clock;
  }

  void start(@Observes StartupEvent event, Drivers drivers, DeployerConfig config) {
    drivers.every("toolboxes due", config.sweepInterval(), this::sweep);
  }

  public Uni<Void> sweep() {
    return each(
            "deadlines",
            () -> toolboxes.due(clock.instant(), MOST),
            tools -> tools.deadlinesPassed(clock.instant(), policy))
        .chain(
            () ->
                each("untold manifests", () -> toolboxes.untold(MOST), ToolboxTools::manifestTold));
  }

  private Uni<Void> each(
      String what, Supplier<Uni<List<UUID>>> due, Function<ToolboxTools, Decision> decide) {
    return units
        .inSession(due)
        .flatMap(ids -> InTurn.each(ids, id -> apart(what, id, decide)))
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf("%s not looked for, tries again: cause=%s", what, e);
              return null;
            });
  }

  private Uni<Void> apart(String what, UUID toolboxId, Function<ToolboxTools, Decision> decide) {
    return units
        .inTransaction(
            () ->
                toolboxes
                    .openIfFree(toolboxId)
                    .flatMap(
                        free ->
                            free.isEmpty()
                                ? Uni.createFrom().voidItem()
                                : deployments.carryOut(free.get(), decide.apply(free.get()), null)))
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf("%s not handled, tries again: toolboxId=%s cause=%s", what, toolboxId, e);
              return null;
            });
  }
}
