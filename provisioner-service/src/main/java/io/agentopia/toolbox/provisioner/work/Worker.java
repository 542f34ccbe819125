package io.agentopia.toolbox.provisioner.work;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Takes up toolboxes whose next step is due. Claims with SKIP LOCKED and a lease in the row itself,
 * so instances share the work and a crashed one's is taken up again. O(due): an index holds only
 * rows that wait.
 */
@ApplicationScoped
public class Worker {
  private static final Logger LOG = Logger.getLogger(Worker.class);
  private static final int AT_ONCE = 16;
  private static final String CLAIM =
      "update account_tool_environments set next_at = $1 where id in (select id from account_tool_environments"
          + " where next_at <= $2 order by next_at limit $3 for update skip locked) returning id";

  private final Pool pool;
  private final StepRunner steps;
  private final VertxContexts contexts;
  private final ProvisionerConfig config;
  private final Clock clock;

  @Inject
  public Worker(
      Pool pool, StepRunner steps, VertxContexts contexts, ProvisionerConfig config, Clock clock) {
    this.pool = pool;
    this.steps = steps;
    this.contexts = contexts;
    this.config = config;
    this.clock = clock;
  }

  @Scheduled(every = "${provisioner.work-every}", concurrentExecution = ConcurrentExecution.SKIP)
  void work() {
    try {
      var running = contexts.run(this::claim).join().stream().map(this::runApart).toList();
      running.forEach(CompletableFuture::join);
    } catch (CompletionException e) {
      LOG.warnf("due work not claimed, tried again in the next round: cause=%s", e.getCause());
    }
  }

  private Uni<List<UUID>> claim() {
    var now = clock.instant();
    return pool.preparedQuery(CLAIM)
        .execute(Tuple.of(now.plus(config.lease()).atOffset(UTC), now.atOffset(UTC), AT_ONCE))
        .map(
            rows ->
                StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.getUUID("id"))
                    .toList());
  }

  /**
   * Each toolbox on a context of its own: a session must not be shared by steps that run at the
   * same time.
   */
  private CompletableFuture<Void> runApart(UUID id) {
    return contexts
        .run(() -> steps.run(id))
        .exceptionally(
            e -> {
              LOG.warnf(
                  "step not finished, taken up again when its lease ends: toolboxId=%s cause=%s",
                  id, e);
              return null;
            });
  }
}
