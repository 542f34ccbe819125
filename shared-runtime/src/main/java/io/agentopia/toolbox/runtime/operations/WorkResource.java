package io.agentopia.toolbox.runtime.operations;

import io.agentopia.toolbox.runtime.work.Drivers;
import io.agentopia.toolbox.runtime.work.Progress;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import org.jboss.resteasy.reactive.server.Cancellable;

/** What this instance does by itself, and how that goes; for operators. */
@Cancellable(false)
@Path("/internal/work")
@Produces("application/json")
public class WorkResource {
  @Inject Drivers drivers;

  @GET
  public Uni<List<Progress.Status>> work() {
    return Uni.createFrom().item(drivers.status());
  }
}
