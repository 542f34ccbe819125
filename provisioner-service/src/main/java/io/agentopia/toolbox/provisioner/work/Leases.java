package io.agentopia.toolbox.provisioner.work;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * Work that one instance does at a time: whoever holds the lease. A lease outlives a crash by its
 * length at most.
 */
@ApplicationScoped
public class Leases {
  private static final String TAKE =
      "insert into leases (name, holder, expires_at) values (:name, :me, :until) on conflict (name) do update"
          + " set holder = excluded.holder, expires_at = excluded.expires_at"
          + " where leases.holder = excluded.holder or leases.expires_at < :now";

  private final String me = UUID.randomUUID().toString();
  private final Clock clock;

  @Inject
  public Leases(Clock clock) {
    this.clock = clock;
  }

  /**
   * @return whether this instance holds the lease now
   */
  public Uni<Boolean> take(String name, Duration length) {
    var now = clock.instant();
    return Panache.withTransaction(
        () ->
            Panache.getSession()
                .flatMap(
                    session ->
                        session
                            .createNativeQuery(TAKE)
                            .setParameter("name", name)
                            .setParameter("me", me)
                            .setParameter("until", now.plus(length))
                            .setParameter("now", now)
                            .executeUpdate())
                .map(rows -> rows == 1));
  }
}
