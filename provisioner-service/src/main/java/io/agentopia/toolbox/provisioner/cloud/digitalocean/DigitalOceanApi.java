package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.quarkus.rest.client.reactive.ClientQueryParam;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;

/**
 * DigitalOcean's API v2, the part we use. Source of the shapes:
 * https://docs.digitalocean.com/reference/api/.
 */
@Path("/v2")
@Produces("application/json")
@RegisterRestClient(configKey = "digitalocean")
interface DigitalOceanApi {
  String AUTHORIZATION = "Authorization";

  @POST
  @Path("/droplets")
  @Consumes("application/json")
  Uni<Response> create(@HeaderParam(AUTHORIZATION) String bearer, NewDroplet droplet);

  @GET
  @Path("/droplets")
  @ClientQueryParam(name = "per_page", value = "200")
  Uni<Response> list(
      @HeaderParam(AUTHORIZATION) String bearer,
      @QueryParam("tag_name") String tag,
      @QueryParam("page") int page);

  @GET
  @Path("/droplets/{id}")
  Uni<Response> get(@HeaderParam(AUTHORIZATION) String bearer, @PathParam("id") long id);

  @DELETE
  @Path("/droplets/{id}")
  Uni<Response> delete(@HeaderParam(AUTHORIZATION) String bearer, @PathParam("id") long id);

  @POST
  @Path("/tags")
  @Consumes("application/json")
  Uni<Response> makeTag(@HeaderParam(AUTHORIZATION) String bearer, NewTag tag);

  @POST
  @Path("/tags/{tag}/resources")
  @Consumes("application/json")
  Uni<Response> tag(
      @HeaderParam(AUTHORIZATION) String bearer, @PathParam("tag") String tag, Tagging tagging);

  @DELETE
  @Path("/tags/{tag}/resources")
  @Consumes("application/json")
  Uni<Response> untag(
      @HeaderParam(AUTHORIZATION) String bearer, @PathParam("tag") String tag, Tagging tagging);

  @GET
  @Path("/regions")
  @ClientQueryParam(name = "per_page", value = "200")
  Uni<Response> regions(@HeaderParam(AUTHORIZATION) String bearer);

  @GET
  @Path("/sizes")
  @ClientQueryParam(name = "per_page", value = "200")
  Uni<Response> sizes(@HeaderParam(AUTHORIZATION) String bearer);

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record NewDroplet(
      String name,
      String region,
      String size,
      String image,
      List<String> tags,
      String userData,
      boolean monitoring,
      boolean ipv6) {
    @Override
    public String toString() {
      return "NewDroplet[" + name + "]"; // the user data carries the join token
    }
  }

  record CreateAnswer(DropletBody droplet) {}

  record DropletList(List<DropletBody> droplets, Links links) {}

  record Links(Pages pages) {}

  record Pages(String next) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record DropletBody(
      long id,
      String name,
      String status,
      Networks networks,
      List<String> tags,
      Instant createdAt) {}

  record NewTag(String name) {}

  record Tagging(List<Resource> resources) {
    static Tagging droplet(long id) {
      return new Tagging(List.of(new Resource(Long.toString(id), "droplet")));
    }
  }

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Resource(String resourceId, String resourceType) {}

  record Networks(List<NetworkV4> v4) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record NetworkV4(String ipAddress, String type) {}

  record RegionList(List<RegionBody> regions) {}

  record RegionBody(String slug, String name, boolean available, List<String> sizes) {}

  record SizeList(List<SizeBody> sizes) {}

  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record SizeBody(
      String slug,
      int memory,
      int vcpus,
      int disk,
      double priceMonthly,
      boolean available,
      List<String> regions) {}

  /** Branch on the HTTP status: the id is no stable code. */
  record ErrorBody(String id, String message) {}
}
