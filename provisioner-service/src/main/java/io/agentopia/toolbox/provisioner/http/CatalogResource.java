package io.agentopia.toolbox.provisioner.http;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.work.Kept;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.Cancellable;

/**
 * The cloud's regions and sizes; asked for every ten minutes at most, and kept while the cloud is
 * away.
 */
@Cancellable(false)
@Path("/internal/catalog")
@ApplicationScoped
public class CatalogResource {
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final Kept<CloudProvider.Catalog> kept;

  @Inject
  public CatalogResource(CloudProvider cloud, Clock clock) {
    this.kept = new Kept<>("catalog", FRESH, cloud::catalog, clock);
  }

  @GET
  public Uni<CloudProvider.Catalog> catalog() {
    return kept.current().onFailure().transform(e -> unavailable());
  }

  private static RuntimeException unavailable() {
    return Problem.of(
            503,
            "catalog_unavailable",
            "Catalog not available",
            "Reading the cloud's regions and sizes failed, and none are kept.",
            "Try again in a few seconds.")
        .exception();
  }
}
