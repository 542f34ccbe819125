package io.agentopia.toolbox.provisioner.http;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.runtime.http.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.Cancellable;

/**
 * The cloud's regions and sizes; asked for every ten minutes at most, and kept while the cloud is
 * away.
 */
@Cancellable(false)
@Path("/internal/catalog")
@ApplicationScoped
public class CatalogResource {
  private static final Logger LOG = Logger.getLogger(CatalogResource.class);
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final CloudProvider cloud;
  private final Clock clock;
  private volatile Kept kept;

  private record Kept(CloudProvider.Catalog catalog, Instant until) {}

  @Inject
  public CatalogResource(CloudProvider cloud, Clock clock) {
    this.cloud = cloud;
    this.clock = clock;
  }

  @GET
  public Uni<CloudProvider.Catalog> catalog() {
    var current = kept;
    if (current != null && clock.instant().isBefore(current.until())) {
      return Uni.createFrom().item(current.catalog());
    }
    return cloud
        .catalog()
        .invoke(catalog -> kept = new Kept(catalog, clock.instant().plus(KEPT)))
        .onFailure()
        .recoverWithUni(this::whatIsKept);
  }

  private Uni<CloudProvider.Catalog> whatIsKept(Throwable failure) {
    LOG.warnf("catalog not read: cause=%s", failure);
    if (kept != null) {
      return Uni.createFrom().item(kept.catalog());
    }
    return Uni.createFrom()
        .failure(
            Problem.of(
                    503,
                    "catalog_unavailable",
                    "Catalog not available",
                    "Reading the cloud's regions and sizes failed, and none are kept.",
                    "Try again in a few seconds.")
                .exception());
  }
}
