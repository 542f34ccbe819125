package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.Reply;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanApi.*;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanCalls.Said;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** {@link CloudProvider} on DigitalOcean. Thin: it turns HTTP into values and keeps no state. */
@ApplicationScoped
@Typed(DigitalOcean.class)
public class DigitalOcean implements CloudProvider {
  private static final int MOST_PAGES = 500;
  private final DigitalOceanApi api;
  private final DigitalOceanCalls calls;

  @Inject
  DigitalOcean(@RestClient DigitalOceanApi api, DigitalOceanCalls calls) {
    this.api = api;
    this.calls = calls;
  }

  @Override
  public Uni<Created> create(DropletRequest r) {
    var body =
        new NewDroplet(
            r.name(), r.region(), r.size(), r.image(), r.tags(), r.userData(), true, false);
    return calls.make(Priority.CHANGE, bearer -> api.create(bearer, body)).map(Answers::created);
  }

  @Override
  public Uni<Listed> list(String tag, Priority priority) {
    return page(tag, priority, 1, new ArrayList<>());
  }

  private Uni<Listed> page(String tag, Priority priority, int page, List<Droplet> found) {
    return calls
        .make(priority, bearer -> api.list(bearer, tag, page))
        .flatMap(
            reply -> {
              if (!(reply instanceof Reply.Answered<Said>(var a)) || a.status() != 200) {
                return Uni.createFrom().item(Answers.notListed(reply));
              }
              try {
                var body = a.response().readEntity(DropletList.class);
                body.droplets().forEach(d -> found.add(droplet(d)));
                return hasNext(body) && page < MOST_PAGES
                    ? page(tag, priority, page + 1, found)
                    : Uni.createFrom().item(new Listed.Droplets(List.copyOf(found)));
              } catch (RuntimeException e) {
                return Uni.createFrom().item(Answers.unreadable(e));
              }
            });
  }

  private static boolean hasNext(DropletList body) {
    return body.links() != null
        && body.links().pages() != null
        && body.links().pages().next() != null;
  }

  @Override
  public Uni<Deleted> delete(long dropletId) {
    return calls
        .make(Priority.CHANGE, bearer -> api.delete(bearer, dropletId))
        .map(Answers::deleted);
  }

  @Override
  public Uni<Known> isKnown(long dropletId) {
    return calls.make(Priority.WATCH, bearer -> api.get(bearer, dropletId)).map(Answers::known);
  }

  /** The tag is made first: only what exists can be put on a droplet. */
  @Override
  public Uni<Tagged> tag(long dropletId, String tag) {
    return calls
        .make(Priority.WATCH, bearer -> api.makeTag(bearer, new NewTag(tag)))
        .flatMap(
            made ->
                Answers.isDone(made)
                    ? calls.make(
                        Priority.WATCH, bearer -> api.tag(bearer, tag, Tagging.droplet(dropletId)))
                    : Uni.createFrom().item(made))
        .map(Answers::tagged);
  }

  @Override
  public Uni<Tagged> untag(long dropletId, String tag) {
    return calls
        .make(Priority.WATCH, bearer -> api.untag(bearer, tag, Tagging.droplet(dropletId)))
        .map(Answers::tagged);
  }

  @Override
  public Uni<Catalog> catalog() {
    var regions =
        read(
            bearer -> api.regions(bearer),
            "regions",
            r -> r.readEntity(RegionList.class).regions());
    var sizes =
        read(bearer -> api.sizes(bearer), "sizes", r -> r.readEntity(SizeList.class).sizes());
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

  private <T> Uni<T> read(
      Function<String, Uni<Response>> request, String what, Function<Response, T> body) {
    return calls
        .make(Priority.WATCH, request)
        .map(
            reply -> {
              if (reply instanceof Reply.Answered<Said>(var a) && a.status() == 200) {
                return body.apply(a.response());
              }
              throw new IllegalStateException(
                  "reading the cloud's " + what + " failed: " + Answers.notListed(reply));
            });
  }

  private static Droplet droplet(DropletBody d) {
    return new Droplet(
        d.id(),
        d.name(),
        "active".equals(d.status()),
        publicAddress(d),
        Set.copyOf(orEmpty(d.tags())),
        d.createdAt());
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
