package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.account.Firewall;
import io.agentopia.toolbox.simulator.fleet.Fleet;
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
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Cloud firewalls: kept and shown; nothing is filtered. */
@Path("/v2/firewalls")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class FirewallsResource {
  private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9][a-zA-Z0-9.-]+$");

  @Inject Fleet fleet;
  @Inject Clock clock;

  @GET
  public Map<String, Object> list(UriInfo uri) {
    return new Page(uri).of("firewalls", fleet.account().firewalls(), FirewallView::of);
  }

  @POST
  public Response create(byte[] bytes) {
    var firewall = read(RequestBody.of(bytes), UUID.randomUUID().toString(), clock.instant());
    if (fleet.account().firewalls().stream().anyMatch(f -> f.name().equals(firewall.name()))) {
      throw new ApiError(409, "conflict", "duplicate name");
    }
    fleet.changeAccount(a -> a.withFirewalls(with(a.firewalls(), firewall)));
    return Response.accepted(Map.of("firewall", FirewallView.of(firewall))).build();
  }

  private static <T> List<T> with(List<T> list, T one) {
    var longer = new ArrayList<>(list);
    longer.add(one);
    return longer;
  }

  /** Fields that are not named are empty, also when a firewall is replaced. */
  private Firewall read(RequestBody body, String id, Instant createdAt) {
    var name = body.text("name");
    if (name == null || !NAME.matcher(name).matches()) {
      throw ApiError.unprocessable("name is invalid: it may have letters, digits, '.' and '-'");
    }
    var inbound = FirewallRules.inbound(body);
    var outbound = FirewallRules.outbound(body);
    if (inbound.isEmpty() && outbound.isEmpty()) {
      throw ApiError.unprocessable("must have at least one rule");
    }
    return new Firewall(id, name, createdAt, droplets(body), tags(body), inbound, outbound);
  }

  private List<Long> droplets(RequestBody body) {
    var ids = body.numbers("droplet_ids");
    ids.forEach(id -> fleet.find(id).orElseThrow(ApiError::notFound));
    return ids;
  }

  private List<String> tags(RequestBody body) {
    var tags = body.texts("tags");
    if (!fleet.account().tags().containsAll(tags)) {
      throw ApiError.unprocessable("tag not found");
    }
    return tags;
  }

  @PUT
  @Path("/{id}")
  public Map<String, Object> replace(@PathParam("id") String id, byte[] bytes) {
    var old = find(id);
    var firewall = read(RequestBody.of(bytes), id, old.createdAt());
    change(id, f -> firewall);
    return Map.of("firewall", FirewallView.of(firewall));
  }

  @DELETE
  @Path("/{id}")
  public Response delete(@PathParam("id") String id) {
    find(id);
    fleet.changeAccount(
        a -> a.withFirewalls(a.firewalls().stream().filter(f -> !f.id().equals(id)).toList()));
    return Response.noContent().build();
  }

  @DELETE
  @Path("/{id}/tags")
  public Response removeTags(@PathParam("id") String id, byte[] bytes) {
    var tags = RequestBody.of(bytes).texts("tags");
    return change(id, f -> f.withTags(without(f.tags(), tags)));
  }

  @POST
  @Path("/{id}/rules")
  public Response addRules(@PathParam("id") String id, byte[] bytes) {
    var body = RequestBody.of(bytes);
    var inbound = FirewallRules.inbound(body);
    var outbound = FirewallRules.outbound(body);
    return change(
        id, f -> f.withRules(union(f.inboundRules(), inbound), union(f.outboundRules(), outbound)));
  }

  private static <T> List<T> union(List<T> a, List<T> b) {
    return Stream.concat(a.stream(), b.stream()).distinct().toList();
  }

  private static <T> List<T> without(List<T> a, List<T> b) {
    return a.stream().filter(x -> !b.contains(x)).toList();
  }

  private Response change(String id, UnaryOperator<Firewall> change) {
    find(id);
    fleet.changeAccount(
        a ->
            a.withFirewalls(
                a.firewalls().stream().map(f -> f.id().equals(id) ? change.apply(f) : f).toList()));
    return Response.noContent().build();
  }

  private Firewall find(String id) {
    return fleet.account().firewalls().stream()
        .filter(f -> f.id().equals(id))
        .findFirst()
        .orElseThrow(ApiError::notFound);
  }
}
