package io.agentopia.toolbox.deployer.messaging;

import io.agentopia.toolbox.deployer.store.Workshops;
import io.agentopia.toolbox.deployer.toolbox.Rulebook;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Turns passed deadlines into facts. Several instances share the work: a toolbox that another one
 * is at is skipped, and each toolbox is a transaction of its own, so one that fails holds up none.
 */
@ApplicationScoped
public class DeadlineSweep {
  private static final Logger LOG = Logger.getLogger(DeadlineSweep.class);
  private static final int MOST = 200;

  private final Workshops workshops;
  private final Deployments deployments;
  private final Rulebook rules;
  private final Clock clock;

  @Inject
  public DeadlineSweep(Workshops workshops, Deployments deployments, Rulebook rules, Clock clock) {
    this.workshops = workshops;
    this.deployments = deployments;
    this.rules = rules;
    this.clock = clock;
  }

  @Scheduled(every = "{deployer.sweep-interval}", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> sweep() {
    return Panache.withSession(() -> workshops.due(clock.instant(), MOST))
        .onItem()
        .transformToMulti(due -> Multi.createFrom().iterable(due))
        .onItem()
        .transformToUniAndConcatenate(this::sweep)
        .collect()
        .last()
        .replaceWithVoid()
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf("deadlines not looked for, tries again: cause=%s", e);
              return null;
            });
  }

  private Uni<Void> sweep(UUID toolboxId) {
    return Panache.withTransaction(() -> tellWhatIsLate(toolboxId))
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf("deadline not handled, tries again: toolboxId=%s cause=%s", toolboxId, e);
              return null;
            });
  }

  private Uni<Void> tellWhatIsLate(UUID toolboxId) {
    return workshops
        .openIfFree(toolboxId)
        .flatMap(
            free ->
                free.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : deployments.carryOut(
                        free.get(), free.get().deadlinesPassed(clock.instant(), rules), null));
  }
}
