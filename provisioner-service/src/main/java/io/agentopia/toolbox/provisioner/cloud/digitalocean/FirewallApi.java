package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanApi.Links;
import io.quarkus.rest.client.reactive.ClientQueryParam;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/**
 * DigitalOcean's cloud firewalls. Ports are strings; a PUT empties the fields it does not name; a
 * created firewall is answered with 202.
 */
@Path("/v2")
@Produces("application/json")
@Consumes("application/json")
@RegisterRestClient(configKey = "digitalocean")
interface FirewallApi {
  String AUTHORIZATION = "Authorization";

  @GET
  @Path("/firewalls")
  @ClientQueryParam(name = "per_page", value = "200")
  Uni<Response> list(@HeaderParam(AUTHORIZATION) String bearer, @QueryParam("page") int page);

  @POST
  @Path("/firewalls")
  Uni<Response> create(@HeaderParam(AUTHORIZATION) String bearer, FirewallBody firewall);

  @PUT
  @Path("/firewalls/{id}")
  Uni<Response> replace(
      @HeaderParam(AUTHORIZATION) String bearer, @PathParam("id") String id, FirewallBody firewall);

  /** Making a tag that there is already is a success. */
  @POST
  @Path("/tags")
  Uni<Response> createTag(@HeaderParam(AUTHORIZATION) String bearer, TagBody tag);

  record TagBody(String name) {}

  record FirewallList(List<FirewallBody> firewalls, Links links) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record FirewallBody(
      String id,
      String name,
      List<Long> dropletIds,
      List<String> tags,
      List<Rule> inboundRules,
      List<Rule> outboundRules) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Rule(String protocol, String ports, Target sources, Target destinations) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Target(
      List<String> addresses,
      List<Long> dropletIds,
      List<String> loadBalancerUids,
      List<String> kubernetesIds,
      List<String> tags) {}
}
