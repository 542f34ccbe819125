package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.ProvisionerConfig;
import io.agentopia.toolbox.provisioner.cloud.BudgetedCalls;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider;
import io.agentopia.toolbox.provisioner.cloud.Reply;
import io.agentopia.toolbox.provisioner.cloud.budget.Priority;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanApi.*;
import io.agentopia.toolbox.provisioner.cloud.http.HttpAnswers;
import io.agentopia.toolbox.provisioner.cloud.http.HttpAnswers.Refusal;
import io.agentopia.toolbox.provisioner.cloud.http.HttpCalls;
import io.agentopia.toolbox.provisioner.cloud.http.HttpCalls.Said;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/** {@link CloudProvider} on DigitalOcean. Thin: it turns HTTP into values and keeps no state. */
@ApplicationScoped
@Typed(DigitalOcean.class)
public class DigitalOcean implements CloudProvider {
  private static final int MOST_PAGES = 500;
  private static final HttpAnswers ANSWERS = new HttpAnswers(new Words());
  private final DigitalOceanApi api;
  private final HttpCalls calls;

  @Inject
  DigitalOcean(
      @RestClient DigitalOceanApi api, BudgetedCalls calls, ProvisionerConfig config, Clock clock) {
    this.api = api;
    this.calls = new HttpCalls(calls, config.digitaloceanToken().orElse(""), clock);
  }

  @Override
  public Uni<Created> create(DropletRequest r) {
    var body =
        new NewDroplet(
            r.name(), r.region(), r.size(), r.image(), r.tags(), r.userData(), true, false);
    return calls.make(Priority.CHANGE, bearer -> api.create(bearer, body)).map(ANSWERS::created);
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
                return Uni.createFrom().item(ANSWERS.notListed(reply));
              }
              try {
                var body = a.response().readEntity(DropletList.class);
                body.droplets().forEach(d -> found.add(droplet(d)));
                return hasNext(body) && page < MOST_PAGES
                    ? page(tag, priority, page + 1, found)
                    : Uni.createFrom().item(new Listed.Droplets(List.copyOf(found)));
              } catch (RuntimeException e) {
                return Uni.createFrom().item(HttpAnswers.unreadable(e));
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
        .map(ANSWERS::deleted);
  }

  @Override
  public Uni<Known> isKnown(long dropletId) {
    return calls.make(Priority.WATCH, bearer -> api.get(bearer, dropletId)).map(HttpAnswers::known);
  }

  /** The tag is made first: only what exists can be put on a droplet. */
  @Override
  public Uni<Tagged> tag(long dropletId, String tag) {
    return calls
        .make(Priority.WATCH, bearer -> api.makeTag(bearer, new NewTag(tag)))
        .flatMap(
            made ->
                HttpAnswers.isDone(made)
                    ? calls.make(
                        Priority.WATCH, bearer -> api.tag(bearer, tag, Tagging.droplet(dropletId)))
                    : Uni.createFrom().item(made))
        .map(ANSWERS::tagged);
  }

  @Override
  public Uni<Tagged> untag(long dropletId, String tag) {
    return calls
        .make(Priority.WATCH, bearer -> api.untag(bearer, tag, Tagging.droplet(dropletId)))
        .map(ANSWERS::tagged);
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
        .map(reply -> body.apply(HttpAnswers.done("reading the cloud's " + what, reply)));
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

  /** Its errors have no codes to go by: they are told apart by status and message. */
  private static final class Words implements HttpAnswers.Dialect {
    @Override
    public long dropletId(Response created) {
      return created.readEntity(CreateAnswer.class).droplet().id();
    }

    @Override
    public String message(Response refused) {
      return refused.readEntity(ErrorBody.class).message();
    }

    @Override
    public Refusal refusal(int status, String message) {
      var text = message.toLowerCase(Locale.ROOT);
      if (status == 401 || status == 403) {
        return Refusal.CREDENTIALS;
      }
      if (text.contains("droplet limit")) {
        return Refusal.LIMIT;
      }
      if (text.contains("size")) {
        return Refusal.SIZE;
      }
      return text.contains("region") ? Refusal.REGION : Refusal.OTHER;
    }
  }
}
