package io.agentopia.toolbox.gateway.catalog;

import io.agentopia.toolbox.gateway.agent.Upstream;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The catalog as the provisioner last gave it; empty only when it has never been had. */
@ApplicationScoped
public class Catalogs {
  private static final Logger LOG = Logger.getLogger(Catalogs.class);
  private static final Duration FRESH = Duration.ofMinutes(5);
  private final Upstream upstream;
  private final Clock clock;
  private volatile Catalog last;
  private volatile Instant until = Instant.EPOCH;

  @Inject
  public Catalogs(Upstream upstream, Clock clock) {
    this.upstream = upstream;
    this.clock = clock;
  }

  public Uni<Optional<Catalog>> current() {
    if (clock.instant().isBefore(until)) {
      return Uni.createFrom().item(Optional.of(last));
    }
    return upstream
        .catalog()
        .invoke(
            catalog -> {
              last = catalog;
              until = clock.instant().plus(FRESH);
            })
        .map(Optional::of)
        .onFailure()
        .recoverWithItem(
            e -> {
              LOG.warnf("catalog not refreshed: cause=%s", e.getMessage());
              return Optional.ofNullable(last);
            });
  }
}
