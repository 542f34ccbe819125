package io.agentopia.toolbox.provisioner.http;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.toolbox.Waiting;
import io.agentopia.toolbox.provisioner.work.ToolboxStore;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.work.UnitOfWork;
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
  @Inject ToolboxStore store;
  @Inject UnitOfWork units;
  @Inject ProvisionerConfig config;

  @GET
  public Uni<Response> waiting(@PathParam("id") UUID id) {
    return units
        .inSession(() -> store.find(id))
        .map(
            toolbox -> {
              if (toolbox == null) {
                throw Problem.notFound("toolbox", id.toString()).exception();
              }
              return Waiting.of(toolbox, config.deadlines())
                  .map(waiting -> Response.ok(waiting).build())
                  .orElseGet(() -> Response.noContent().build());
            });
  }
}
