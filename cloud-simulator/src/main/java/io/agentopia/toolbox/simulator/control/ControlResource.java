package io.agentopia.toolbox.simulator.control;

import io.agentopia.toolbox.simulator.SimulatorConfig.AgentKind;
import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.droplet.Phase;
import io.agentopia.toolbox.simulator.fleet.Fleet;
import io.agentopia.toolbox.simulator.fleet.MachineReport;
import io.agentopia.toolbox.simulator.fleet.Machines;
import io.agentopia.toolbox.simulator.light.ChosenAgents;
import io.agentopia.toolbox.simulator.limit.RequestLog;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the real cloud would never tell: for tests and demonstrations. Needs no token. */
@Path("/control")
@Produces(MediaType.APPLICATION_JSON)
public class ControlResource {
  @Inject Fleet fleet;
  @Inject Machines machines;
  @Inject RequestLog requests;
  @Inject ChosenAgents agents;

  /**
   * A line of the ledger.
   *
   * @param goneAt null while it lives
   * @param goneBecause {@code deleted} or {@code disappeared}
   */
  public record Entry(
      long id,
      String name,
      String region,
      String size,
      List<String> tags,
      String status,
      String address,
      Instant createdAt,
      Instant goneAt,
      String goneBecause) {
    static Entry of(Droplet droplet) {
      var gone = droplet.phase() instanceof Phase.Gone g ? g : null;
      return new Entry(
          droplet.id(),
          droplet.spec().name(),
          droplet.spec().region(),
          droplet.spec().size(),
          droplet.tags(),
          gone == null ? droplet.status() : "gone",
          droplet.address(),
          droplet.createdAt(),
          gone == null ? null : gone.at(),
          gone == null ? null : gone.reason());
    }
  }

  /** {@code requests} counts since the simulator started; the droplets are all there ever were. */
  public record Ledger(List<Entry> droplets, RequestLog.Summary requests) {}

  /** {@code machine} is null while the machine has not run since the simulator started. */
  public record Inside(Entry droplet, MachineReport machine) {}

  @GET
  @Path("/health")
  public Map<String, String> health() {
    return Map.of("status", "UP");
  }

  @GET
  @Path("/ledger")
  public Ledger ledger() {
    return new Ledger(fleet.ever().stream().map(Entry::of).toList(), requests.summary());
  }

  @GET
  @Path("/droplets/{id}")
  public Response droplet(@PathParam("id") String id) {
    return find(id)
        .map(
            d -> Response.ok(new Inside(Entry.of(d), machines.report(d.id()).orElse(null))).build())
        .orElseGet(() -> unknown(id));
  }

  /** SIGKILL, as a crash or the kernel's memory killer would end it. */
  @POST
  @Path("/droplets/{id}/kill-agent")
  public Response killAgent(@PathParam("id") String id) {
    var droplet = find(id).orElse(null);
    if (droplet == null) {
      return unknown(id);
    }
    return machines.killAgent(droplet.id())
        ? Response.accepted(Map.of("killed", true)).build()
        : Problem.of(
                409,
                "No agent runs",
                "Killing the agent of droplet " + id + ": no agent runs there at the moment.",
                "Look at GET /control/droplets/" + id + " and at its agentLog.")
            .answer();
  }

  /** Which kind of agent droplets have that have had none yet: {@code process} or {@code light}. */
  public record AgentChoice(String kind) {}

  @PUT
  @Path("/agents")
  public Response choose(AgentChoice choice) {
    var kind = kind(choice);
    if (kind.isEmpty()) {
      return Problem.of(
              400,
              "No such kind of agent",
              "Choosing the kind of agents: 'kind' is neither \"process\" nor \"light\".",
              "Send {\"kind\": \"light\"}.")
          .answer();
    }
    agents.choose(kind.get());
    return Response.ok(choice).build();
  }

  private static Optional<AgentKind> kind(AgentChoice choice) {
    return Arrays.stream(AgentKind.values())
        .filter(k -> choice != null && k.name().toLowerCase(Locale.ROOT).equals(choice.kind()))
        .findFirst();
  }

  private Optional<Droplet> find(String id) {
    return fleet.ever().stream().filter(d -> Long.toString(d.id()).equals(id)).findFirst();
  }

  private static Response unknown(String id) {
    return Problem.of(
            404,
            "No such droplet",
            "There never was a droplet " + id + " here.",
            "List all with GET /control/ledger.")
        .answer();
  }
}
