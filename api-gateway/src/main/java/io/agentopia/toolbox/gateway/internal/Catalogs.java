package io.agentopia.toolbox.gateway.internal;

import io.agentopia.toolbox.gateway.catalog.Catalog;
import io.agentopia.toolbox.runtime.work.Kept;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The catalog as the provisioner last gave it; empty only when it has never been had. */
@ApplicationScoped
public class Catalogs {
  private static final Duration FRESH = Duration.ofMinutes(5);
  private final Kept<Catalog> kept;

  @Inject
  public Catalogs(InternalServices upstream, Clock clock) {
    this.kept = new Kept<>("catalog", FRESH, upstream::catalog, clock);
  }

  public Uni<Optional<Catalog>> current() {
    return kept.current().map(Optional::of).onFailure().recoverWithItem(Optional.empty());
  }
}
