package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.catalog.Catalog;
import io.agentopia.toolbox.simulator.catalog.Image;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;

/** What can be bought. */
@Path("/v2")
@Produces(MediaType.APPLICATION_JSON)
public class CatalogResource {

  @GET
  @Path("/regions")
  public Map<String, Object> regions(UriInfo uri) {
    return new Page(uri).of("regions", Catalog.regions(), RegionView::of);
  }

  @GET
  @Path("/sizes")
  public Map<String, Object> sizes(UriInfo uri) {
    return new Page(uri).of("sizes", Catalog.sizes(), SizeView::of);
  }

  /** The account has no images of its own, and tags none. */
  @GET
  @Path("/images")
  public Map<String, Object> images(
      UriInfo uri,
      @QueryParam("type") String type,
      @QueryParam("private") boolean own,
      @QueryParam("tag_name") String tag) {
    var found = own || tag != null ? List.<Image>of() : ofType(type);
    return new Page(uri).of("images", found, ImageView::of);
  }

  private static List<Image> ofType(String type) {
    return Catalog.images().stream()
        .filter(
            i -> type == null || type.equals(i.isApplication() ? "application" : "distribution"))
        .toList();
  }

  @GET
  @Path("/images/{image}")
  public Map<String, Object> image(@PathParam("image") String image) {
    var found = Catalog.image(image).orElseThrow(ApiError::notFound);
    return Map.of("image", ImageView.of(found));
  }
}
