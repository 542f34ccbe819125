package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.simulator.account.Account;
import io.agentopia.toolbox.simulator.droplet.Fact;
import io.agentopia.toolbox.simulator.fleet.Fleet;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Tags, and what carries them: droplets only, here. */
@Path("/v2/tags")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class TagsResource {
  @Inject Fleet fleet;

  /** The one place where DigitalOcean's errors have another form. */
  private record RootCauses(String error, List<String> messages, List<String> rootCauses) {
    Map<String, Object> body() {
      var body = new LinkedHashMap<String, Object>();
      body.put("error", error);
      body.put("messages", messages);
      body.put("root_causes", rootCauses);
      return body;
    }
  }

  @POST
  public Response create(UriInfo uri, byte[] bytes) {
    var name = RequestBody.of(bytes).text("name");
    if (!CreateRules.isTag(name)) {
      var error =
          "Error validating resource tag: \"tag-name \\\""
              + name
              + "\\\" contains invalid characters\"";
      var cause = "rpc error: code = InvalidArgument desc = " + error;
      var body = new RootCauses(error, null, List.of(cause)).body();
      return Response.status(400).entity(body).build();
    }
    fleet.changeAccount(a -> withTag(a, name));
    var canonical = fleet.account().canonical(name);
    return Response.status(201).entity(Map.of("tag", view(uri, canonical))).build();
  }

  private static Account withTag(Account account, String name) {
    if (account.tags().stream().anyMatch(name::equalsIgnoreCase)) {
      return account;
    }
    var tags = new ArrayList<>(account.tags());
    tags.add(name);
    return account.withTags(tags);
  }

  @POST
  @Path("/{tag}/resources")
  public Response tag(@PathParam("tag") String name, byte[] bytes) {
    return change(name, bytes, (id, tag) -> new Fact.Tagged(tag));
  }

  @DELETE
  @Path("/{tag}/resources")
  public Response untag(@PathParam("tag") String name, byte[] bytes) {
    return change(name, bytes, (id, tag) -> new Fact.Untagged(tag));
  }

  /** All resources are looked for before the first is changed. */
  private Response change(String name, byte[] bytes, BiFunction<Long, String, Fact> fact) {
    var tag = known(name);
    var body = RequestBody.of(bytes);
    if (!body.has("resources")) {
      throw ApiError.unprocessable("resources can't be blank");
    }
    var ids = body.nodes("resources").stream().map(dropletId()).toList();
    ids.forEach(id -> fleet.find(id).orElseThrow(ApiError::notFound));
    ids.forEach(id -> fleet.tell(id, fact.apply(id, tag)));
    return Response.noContent().build();
  }

  private static Function<JsonNode, Long> dropletId() {
    return resource -> {
      var type = resource.path("resource_type").asText();
      if (!Arrays.asList("droplet", "").contains(type)) {
        throw ApiError.notFound();
      }
      return Finding.number(resource.path("resource_id").asText());
    };
  }

  private String known(String tag) {
    if (!fleet.account().hasTag(tag)) {
      throw ApiError.notFound();
    }
    return tag;
  }

  private Map<String, Object> view(UriInfo uri, String tag) {
    var tagged = fleet.living().stream().filter(d -> d.hasTag(tag)).toList();
    var counted = new LinkedHashMap<String, Object>();
    counted.put("count", tagged.size());
    if (!tagged.isEmpty()) {
      var last = uri.getBaseUriBuilder().path("v2/droplets/" + tagged.getLast().id()).build();
      counted.put("last_tagged_uri", last.toString());
    }
    var resources = new LinkedHashMap<>(counted);
    resources.put("droplets", counted);
    for (var other : List.of("images", "volumes", "volume_snapshots", "databases")) {
      resources.put(other, Map.of("count", 0));
    }
    return Map.of("name", tag, "resources", resources);
  }
}
