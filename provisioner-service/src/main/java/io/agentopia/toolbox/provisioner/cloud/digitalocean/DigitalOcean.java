package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanApi.*;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** {@link CloudProvider} on DigitalOcean. Thin: it turns HTTP into values and keeps no state. */
@ApplicationScoped
public class DigitalOcean implements CloudProvider {
  private static final int MOST_PAGES = 500;
  private final DigitalOceanApi api;
  private final String bearer;

  @Inject
  DigitalOcean(@RestClient DigitalOceanApi api, ProvisionerConfig config) {
    this.api = api;
    this.bearer = "Bearer " + config.digitaloceanToken();
  }

  @Override
  public Uni<Created> create(DropletRequest r) {
    var body =
        new NewDroplet(
            r.name(), r.region(), r.size(), r.image(), r.tags(), r.userData(), true, false);
    return asValue(api.create(bearer, body))
        .map(Answers::created)
        .onFailure()
        .recoverWithItem(Answers::createFailed);
  }

  @Override
  public Uni<Listed> list(String tag) {
    return page(tag, 1, new ArrayList<>()).onFailure().recoverWithItem(Answers::listFailed);
  }

  private Uni<Listed> page(String tag, int page, List<Droplet> found) {
    return asValue(api.list(bearer, tag, page))
        .flatMap(
            response -> {
              if (response.getStatus() != 200) {
                return Uni.createFrom().item(Answers.listRefused(response));
              }
              var body = response.readEntity(DropletList.class);
              body.droplets().forEach(d -> found.add(droplet(d)));
              var hasNext =
                  body.links() != null
                      && body.links().pages() != null
                      && body.links().pages().next() != null;
              return hasNext && page < MOST_PAGES
                  ? page(tag, page + 1, found)
                  : Uni.createFrom().item(new Listed.Droplets(List.copyOf(found)));
            });
  }

  @Override
  public Uni<Deleted> delete(long dropletId) {
    return asValue(api.delete(bearer, dropletId))
        .map(Answers::deleted)
        .onFailure()
        .recoverWithItem(Answers::deleteFailed);
  }

  @Override
  public Uni<Known> isKnown(long dropletId) {
    return asValue(api.get(bearer, dropletId))
        .map(
            response ->
                switch (response.getStatus()) {
                  case 200 -> Known.YES;
                  case 404 -> Known.NO;
                  default -> Known.UNSURE;
                })
        .onFailure()
        .recoverWithItem(Known.UNSURE);
  }

  @Override
  public Uni<Catalog> catalog() {
    var regions =
        read(api.regions(bearer), "regions", r -> r.readEntity(RegionList.class).regions());
    var sizes = read(api.sizes(bearer), "sizes", r -> r.readEntity(SizeList.class).sizes());
    return Uni.combine().all().unis(regions, sizes).with((r, s) -> asCatalog(r, s));
  }

  private static Catalog asCatalog(List<RegionBody> regions, List<SizeBody> sizes) {
    return new Catalog(
        regions.stream()
            .map(r -> new Region(r.slug(), r.name(), r.available(), orEmpty(r.sizes())))
            .toList(),
        sizes.stream()
            .map(
                s ->
                    new Size(
                        s.slug(),
                        s.memory(),
                        s.vcpus(),
                        s.disk(),
                        s.priceMonthly(),
                        s.available(),
                        orEmpty(s.regions())))
            .toList());
  }

  private static <T> Uni<T> read(Uni<Response> call, String what, Function<Response, T> body) {
    return asValue(call)
        .map(
            response -> {
              if (response.getStatus() != 200) {
                throw new IllegalStateException(
                    "reading the cloud's "
                        + what
                        + " was answered with HTTP "
                        + response.getStatus());
              }
              return body.apply(response);
            });
  }

  /** An answer with an error status is a value too. */
  private static Uni<Response> asValue(Uni<Response> call) {
    return call.onFailure(WebApplicationException.class)
        .recoverWithItem(e -> ((WebApplicationException) e).getResponse());
  }

  private static Droplet droplet(DropletBody d) {
    return new Droplet(
        d.id(),
        d.name(),
        "active".equals(d.status()),
        publicAddress(d),
        Set.copyOf(orEmpty(d.tags())));
  }

  private static String publicAddress(DropletBody d) {
    if (d.networks() == null || d.networks().v4() == null) {
      return null;
    }
    return d.networks().v4().stream()
        .filter(n -> "public".equals(n.type()))
        .map(NetworkV4::ipAddress)
        .findFirst()
        .orElse(null);
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
