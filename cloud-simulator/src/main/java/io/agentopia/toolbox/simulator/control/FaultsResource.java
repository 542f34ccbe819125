package io.agentopia.toolbox.simulator.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.simulator.control.Problem.FieldError;
import io.agentopia.toolbox.simulator.droplet.Fact;
import io.agentopia.toolbox.simulator.fault.Fault;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fleet.Fleet;
import io.agentopia.toolbox.simulator.store.Json;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Faults are added with POST, all replaced with PUT, removed with DELETE. */
@Path("/control/faults")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class FaultsResource {
  @Inject FaultBook book;
  @Inject Fleet fleet;
  @Inject Clock clock;

  @GET
  public Map<String, Object> list() {
    return Map.of("faults", book.all().stream().map(FaultsResource::view).toList());
  }

  /** One fault, or a list of them. */
  @POST
  public Response add(byte[] bytes) {
    return accept(bytes, book::add, 201);
  }

  @PUT
  public Response replace(byte[] bytes) {
    return accept(bytes, book::replace, 200);
  }

  @DELETE
  public Response clear() {
    book.replace(List.of());
    return Response.noContent().build();
  }

  @DELETE
  @Path("/{id}")
  public Response remove(@PathParam("id") String id) {
    return book.remove(id)
        ? Response.noContent().build()
        : Problem.of(
                404,
                "No such fault",
                "There is no fault " + id + ".",
                "List them with GET /control/faults.")
            .answer();
  }

  private Response accept(byte[] bytes, Consumer<List<Fault>> into, int status) {
    var errors = new ArrayList<FieldError>();
    var faults = read(bytes, errors);
    faults.stream().filter(this::isForKnownDroplet).forEach(f -> checkDroplet(f, errors));
    if (!errors.isEmpty()) {
      return Problem.invalid(errors).answer();
    }
    // A droplet that exists is doomed at once; all other faults wait for something to strike.
    into.accept(faults.stream().filter(f -> !isForKnownDroplet(f)).toList());
    faults.stream().filter(this::isForKnownDroplet).forEach(this::doom);
    var views = faults.stream().map(FaultsResource::view).toList();
    return Response.status(status).entity(Map.of("faults", views)).build();
  }

  private boolean isForKnownDroplet(Fault fault) {
    return fault.kind() == FaultKind.DISAPPEARS && fault.match().dropletId() != null;
  }

  private void checkDroplet(Fault fault, List<FieldError> errors) {
    var id = fault.match().dropletId();
    if (fleet.find(id).isEmpty()) {
      errors.add(new FieldError("match.dropletId", "names no living droplet: " + id));
    }
  }

  private void doom(Fault fault) {
    var at = clock.instant().plusMillis(fault.delayMs());
    fleet.tell(fault.match().dropletId(), new Fact.DoomedAt(at));
  }

  private static List<Fault> read(byte[] bytes, List<FieldError> errors) {
    var faults = new ArrayList<Fault>();
    var root = tree(bytes, errors);
    var wrapped = root.path("faults");
    var list = wrapped.isArray() ? wrapped : root;
    if (!list.isArray()) {
      collect(faults, new FaultRequest(list, "fault", errors).read());
      return faults;
    }
    for (var i = 0; i < list.size(); i++) {
      collect(faults, new FaultRequest(list.get(i), "faults[" + i + "]", errors).read());
    }
    return faults;
  }

  private static void collect(List<Fault> faults, Fault fault) {
    if (fault != null) {
      faults.add(fault);
    }
  }

  private static JsonNode tree(byte[] bytes, List<FieldError> errors) {
    try {
      return Json.MAPPER.readTree(bytes == null ? new byte[0] : bytes);
    } catch (IOException e) {
      errors.add(new FieldError("", "the body has to be JSON: a fault, or a list of faults"));
      return Json.MAPPER.createArrayNode();
    }
  }

  private static Map<String, Object> view(Fault fault) {
    var view = new LinkedHashMap<String, Object>();
    view.put("id", fault.id());
    view.put("kind", fault.kind().word());
    view.put("count", fault.left());
    view.put("probability", fault.probability());
    view.put("match", fault.match());
    if (fault.kind().understands("status")) {
      view.put("status", fault.status());
    }
    if (fault.kind().understands("delayMs")) {
      view.put("delayMs", fault.delayMs());
    }
    if (fault.kind().understands("retryAfterSeconds")) {
      view.put("retryAfterSeconds", fault.retryAfterSeconds());
    }
    return view;
  }
}
