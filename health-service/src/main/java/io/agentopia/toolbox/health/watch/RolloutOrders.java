package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.model.Candidates;
import io.agentopia.toolbox.health.model.RolloutRow;
import io.agentopia.toolbox.health.model.Rollouts;
import io.agentopia.toolbox.health.rollout.Change.Becomes;
import io.agentopia.toolbox.health.rollout.Change.Refused;
import io.agentopia.toolbox.health.rollout.Change.Stays;
import io.agentopia.toolbox.health.rollout.Fact;
import io.agentopia.toolbox.health.rollout.Fact.HaltAsked;
import io.agentopia.toolbox.health.rollout.Fact.ResumeAsked;
import io.agentopia.toolbox.health.rollout.Fact.RollbackAsked;
import io.agentopia.toolbox.health.rollout.RolloutRequest;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.ids.Ids;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;
import org.jboss.logging.Logger;

/** What operators do to rollouts. They decide under the same lock as the rounds do. */
@ApplicationScoped
public class RolloutOrders {
  private static final Logger LOG = Logger.getLogger(RolloutOrders.class);

  public enum Action {
    HALT,
    RESUME,
    ROLLBACK
  }

  private final Rollouts rollouts;
  private final Candidates candidates;
  private final RolloutDriver driver;
  private final Ids ids;
  private final UnitOfWork transactions;
  private final Clock clock;

  @Inject
  public RolloutOrders(
      Rollouts rollouts,
      UnitOfWork transactions,
      Candidates candidates,
      RolloutDriver driver,
      Ids ids,
      Clock clock) {
    this.rollouts = rollouts;
    this.candidates = candidates;
    this.driver = driver;
    this.ids = ids;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * @return the id of the new rollout
   */
  public Uni<UUID> start(RolloutRequest wish, String by) {
    return transactions
        .inTransaction(
            () ->
                refuseBeside(null).flatMap(x -> candidates.fleet()).flatMap(n -> open(wish, n, by)))
        .onFailure(ConstraintViolationException.class)
        .transform(e -> another(Optional.empty()).exception());
  }

  private Uni<UUID> open(RolloutRequest wish, int fleet, String by) {
    var now = clock.instant();
    var row = RolloutRow.of(ids.next(), wish, fleet, by, now);
    LOG.infof(
        "agent rollout started: rolloutId=%s version=%s digest=%s fleet=%d by=%s why=%s",
        row.id, row.imageVersion, row.digest, fleet, by, wish.reason());
    return rollouts
        .add(row)
        .flatMap(x -> rollouts.audit(row.id, "start", by, wish.reason(), now))
        .replaceWith(row.id);
  }

  public Uni<Void> act(UUID id, Action action, String why, String by) {
    return transactions
        .inTransaction(
            () ->
                rollouts
                    .lock(id)
                    .map(found -> found.orElseThrow(() -> unknown(id.toString()).exception()))
                    .flatMap(row -> act(row, action, why, by)))
        .onFailure(ConstraintViolationException.class)
        .transform(e -> another(Optional.empty()).exception());
  }

  private Uni<Void> act(RolloutRow row, Action action, String why, String by) {
    return fact(row, action, why)
        .flatMap(
            fact ->
                switch (row.state().after(fact)) {
                  case Becomes b when action == Action.ROLLBACK ->
                      refuseBeside(row.id).flatMap(x -> become(row, b, action, by));
                  case Becomes b -> become(row, b, action, by);
                  case Refused r -> Uni.createFrom().failure(refused(row, action, r).exception());
                  case Stays s -> Uni.createFrom().voidItem();
                });
  }

  private Uni<Void> become(RolloutRow row, Becomes change, Action action, String by) {
    return driver.become(row, change, name(action), by, clock.instant());
  }

  private Uni<Fact> fact(RolloutRow row, Action action, String why) {
    return switch (action) {
      case HALT -> Uni.createFrom().item(new HaltAsked(why));
      case RESUME -> Uni.createFrom().item(new ResumeAsked(why));
      case ROLLBACK ->
          rollouts
              .target()
              .map(target -> new RollbackAsked(why, target.filter(row.id::equals).isPresent()));
    };
  }

  private Uni<Void> refuseBeside(UUID own) {
    return rollouts
        .open()
        .invoke(
            open -> {
              if (open.isPresent() && !open.get().id.equals(own)) {
                throw another(open).exception();
              }
            })
        .replaceWithVoid();
  }

  private static Problem another(Optional<RolloutRow> open) {
    return Problem.of(
        409,
        "rollout_open",
        "Another rollout is open",
        open.map(
                r ->
                    "Agent rollout %s (%s) is %s since %s."
                        .formatted(r.id, r.imageVersion, r.state, r.since))
            .orElse("Another agent rollout was opened at the same moment."),
        "Wait until it is complete or rolled back, or roll it back with POST /v1/agent-rollouts/{id}/rollback.");
  }

  private static Problem refused(RolloutRow row, Action action, Refused refused) {
    return Problem.of(
        409,
        "rollout_state",
        "Not in this state",
        "%s was asked of agent rollout %s (%s), but %s."
            .formatted(name(action), row.id, row.imageVersion, refused.why()),
        "Look at it with GET /v1/agent-rollouts/" + row.id + ".");
  }

  public static Problem unknown(String id) {
    return Problem.of(
        404,
        "not_found",
        "Not found",
        "There is no agent rollout " + id + ".",
        "Check the id; GET /v1/agent-rollouts lists them.");
  }

  private static String name(Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }
}
