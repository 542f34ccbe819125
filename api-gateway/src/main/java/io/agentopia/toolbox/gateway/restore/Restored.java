package io.agentopia.toolbox.gateway.restore;

import static java.time.ZoneOffset.UTC;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.gateway.tool.ToolView;
import io.agentopia.toolbox.gateway.view.ToolboxView;
import io.agentopia.toolbox.runtime.messaging.MessagingConfig;
import io.agentopia.toolbox.runtime.restore.Recalling;
import io.agentopia.toolbox.runtime.restore.Retelling;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlResult;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * The gateway after a restore of its database: what was asked for through it stands in its own
 * requests, what became of that in the others' events; and its next wishes are newer than any.
 */
@ApplicationScoped
public class Restored implements Recalling, Retelling {
  private static final String RAISE =
      "update toolbox_view set request_sequence = $1, updated_at = $2, version = version + 1"
          + " where id in (select id from toolbox_view where request_sequence < $1"
          + " order by id limit $3 for update)";

  private final Pool pool;
  private final MessagingConfig messaging;
  private final Clock clock;

  @Inject
  public Restored(Pool pool, MessagingConfig messaging, Clock clock) {
    this.pool = pool;
    this.messaging = messaging;
    this.clock = clock;
  }

  @Override
  public List<String> topics() {
    return List.of(Topics.TOOLBOX_REQUESTS, Topics.TOOL_REQUESTS);
  }

  @Override
  public Uni<Void> recall(List<EventEnvelope> told) {
    return Panache.getSession()
        .flatMap(
            session ->
                InTurn.each(
                    told.stream().filter(this::isOurs).toList(),
                    e -> recall(session, e.event(), e.time())));
  }

  /** Others may write wishes too, which nobody has looked at here. */
  private boolean isOurs(EventEnvelope envelope) {
    return envelope.source().equals("/" + messaging.service());
  }

  private static Uni<Void> recall(Mutiny.Session session, Event event, Instant at) {
    return session
        .find(ToolboxView.class, event.toolboxId())
        .flatMap(
            view ->
                view == null && event instanceof ToolboxRequested e
                    ? session.persist(ToolboxView.asked(e, at)).flatMap(x -> session.flush())
                    : Uni.createFrom().voidItem())
        .flatMap(x -> session.find(ToolboxView.class, event.toolboxId()))
        .flatMap(
            view -> view == null ? Uni.createFrom().voidItem() : asked(session, view, event, at));
  }

  private static Uni<Void> asked(
      Mutiny.Session session, ToolboxView view, Event event, Instant at) {
    view.requestSequence = Math.max(view.requestSequence, event.sequence());
    return event instanceof ToolDeployRequested e
        ? session
            .find(ToolView.class, e.toolInstanceId())
            .flatMap(
                tool ->
                    tool == null
                        ? session.persist(ToolView.asked(e, at)).flatMap(x -> session.flush())
                        : Uni.createFrom().voidItem())
        : Uni.createFrom().voidItem();
  }

  @Override
  public Uni<Integer> retell(long floor, int most) {
    return pool.preparedQuery(RAISE)
        .execute(Tuple.of(floor, clock.instant().atOffset(UTC), most))
        .map(SqlResult::rowCount);
  }
}
