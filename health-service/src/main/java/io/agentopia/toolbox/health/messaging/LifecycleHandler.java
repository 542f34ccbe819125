package io.agentopia.toolbox.health.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletLost;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.health.healing.RemediationController;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.health.verdict.Watch;
import io.agentopia.toolbox.runtime.messaging.EventHandler;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Which toolboxes are to be watched: from DropletReady until they are on their way out; and which
 * droplets are lost.
 */
@ApplicationScoped
public class LifecycleHandler implements EventHandler<ToolboxLifecycle> {
  private final HealthRows rows;
  private final RemediationController remediation;
  private final Clock clock;

  @Inject
  public LifecycleHandler(HealthRows rows, RemediationController remediation, Clock clock) {
    this.rows = rows;
    this.remediation = remediation;
    this.clock = clock;
  }

  @Override
  public Class<ToolboxLifecycle> type() {
    return ToolboxLifecycle.class;
  }

  @Override
  public boolean isOfUse(Class<? extends Event> type) {
    return Watch.isOfUse(type);
  }

  @Override
  public Uni<Void> prepare(Mutiny.Session session, Collection<ToolboxLifecycle> events) {
    return rows.lockAll(Event.toolboxIds(events));
  }

  @Override
  public Uni<Void> handle(ToolboxLifecycle event, EventEnvelope envelope) {
    return rows.lock(event.toolboxId())
        .flatMap(row -> row == null ? first(event) : next(row, event));
  }

  private Uni<Void> first(ToolboxLifecycle event) {
    var now = clock.instant();
    var row = new HealthRow();
    row.toolboxId = event.toolboxId();
    row.accountId = event.accountId();
    row.health(new Unwatched(), now);
    row.watch(Watch.none(now).after(event, now), now);
    return rows.add(row).flatMap(x -> remediation.on(row, event, true));
  }

  private static void lostOrFound(HealthRow row, ToolboxLifecycle event, Instant now) {
    if (event instanceof DropletLost) {
      row.dropletLostAt = now;
    } else if (event instanceof DropletReady) {
      row.dropletLostAt = null;
    }
  }

  private Uni<Void> next(HealthRow row, ToolboxLifecycle event) {
    var now = clock.instant();
    var before = row.watch();
    var after = before.after(event, now);
    if (after != before) {
      row.watch(after, now);
      lostOrFound(row, event, now);
    }
    return remediation.on(row, event, after != before);
  }
}
