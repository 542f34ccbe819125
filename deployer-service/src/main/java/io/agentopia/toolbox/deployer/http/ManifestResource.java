package io.agentopia.toolbox.deployer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.deployer.manifest.Manifest;
import io.agentopia.toolbox.deployer.store.Workshops;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.runtime.http.Problem;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.Cancellable;

/** The manifest of a toolbox, for the agents' edge. */
@Cancellable(false)
@Path("/internal/toolboxes/{toolboxId}/manifest")
public class ManifestResource {
  /** Leaves out what is absent, as the agent's protocol wants it. */
  private static final ObjectMapper JSON = EventCodec.mapper();

  private final Workshops workshops;

  @Inject
  public ManifestResource(Workshops workshops) {
    this.workshops = workshops;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<String> manifest(@PathParam("toolboxId") String toolboxId) {
    var id = id(toolboxId);
    return Panache.withSession(() -> workshops.look(id))
        .map(found -> found.map(Manifest::of).orElseGet(() -> Manifest.empty(id)))
        .map(ManifestResource::json);
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              400,
              "invalid_id",
              "Not a toolbox id",
              "Reading a manifest was asked for with '" + text + "', which is no UUID.",
              "Send the toolbox's id.")
          .exception();
    }
  }

  private static String json(Manifest manifest) {
    try {
      return JSON.writeValueAsString(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "cannot write the manifest of toolbox " + manifest.toolboxId() + " as JSON");
    }
  }
}
