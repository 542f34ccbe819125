package io.agentopia.toolbox.health.restore;

import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Starting;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.runtime.messaging.Outbox;
import io.agentopia.toolbox.runtime.restore.Retelling;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * The health service after a restore of its database: who is heard it hears by itself, and each
 * verdict that stands it tells again.
 */
@ApplicationScoped
public class Restored implements Retelling {
  private final HealthRows rows;
  private final Outbox outbox;

  @Inject
  public Restored(HealthRows rows, Outbox outbox) {
    this.rows = rows;
    this.outbox = outbox;
  }

  @Override
  public Uni<Integer> retell(long floor, int most) {
    return rows.lockBelow(floor, most).call(found -> retell(found, floor)).map(List::size);
  }

  private Uni<Void> retell(List<HealthRow> found, long floor) {
    found.forEach(row -> row.sequence = floor);
    var told = found.stream().map(Restored::verdict).flatMap(Optional::stream).toList();
    return outbox.append(null, told);
  }

  private static Optional<ToolboxHealth> verdict(HealthRow row) {
    return switch (row.health()) {
      case Unwatched h -> Optional.empty();
      case Starting h -> Optional.empty();
      case Healthy h -> Optional.of(row.recovered(0));
      case Degraded h -> Optional.of(row.degraded(h, List.of()));
    };
  }
}
