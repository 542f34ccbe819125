package io.agentopia.toolbox.provisioner.http;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.store.Toolboxes;
import io.agentopia.toolbox.provisioner.toolbox.Waiting;
import io.agentopia.toolbox.runtime.http.Problem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.Cancellable;

/** For the gateway: what a toolbox waits for; 204 where it waits for nothing. */
@Cancellable(false)
@Path("/internal/toolboxes/{id}/waiting")
@Produces("application/json")
public class WaitingResource {
  @Inject Toolboxes toolboxes;
  @Inject ProvisionerConfig config;

  @GET
  public Uni<Response> waiting(@PathParam("id") UUID id) {
    return Panache.withSession(() -> toolboxes.findById(id))
        .map(
            row -> {
              if (row == null) {
                throw Problem.notFound("toolbox", id.toString()).exception();
              }
              return Waiting.of(row.toToolbox(), config.deadlines())
                  .map(waiting -> Response.ok(waiting).build())
                  .orElseGet(() -> Response.noContent().build());
            });
  }
}
