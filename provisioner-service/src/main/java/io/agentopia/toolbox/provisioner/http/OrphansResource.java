package io.agentopia.toolbox.provisioner.http;

import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.provisioner.store.OrphanBreakerTable;
import io.agentopia.toolbox.provisioner.store.OrphanTable;
import io.agentopia.toolbox.provisioner.work.OrphanBreaker;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.WhoAndWhy;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Droplets that no toolbox owns, for operators; and their word when the sweep stands still. */
@Cancellable(false)
@Path("/internal/orphans")
@Produces("application/json")
@Consumes("application/json")
public class OrphansResource {
  private static final Logger LOG = Logger.getLogger(OrphansResource.class);

  /**
   * @param held why the sweep stands still, or null
   * @param allowance the operators' last word, while it holds, or null
   */
  public record Orphans(
      OrphanBreakerTable.Held held,
      OrphanBreaker.Allowance allowance,
      List<OrphanTable.Shown> orphans) {}

  /**
   * @param upTo how many orphans at a time are right
   */
  public record Allow(Integer upTo, String who, String why) {}

  @Inject OrphanTable orphans;
  @Inject OrphanBreakerTable breaker;

  @GET
  public Uni<Orphans> list() {
    return Uni.combine()
        .all()
        .unis(breaker.held(), breaker.allowance(), orphans.shown())
        .with(
            (held, allowance, shown) ->
                new Orphans(held.orElse(null), allowance.orElse(null), shown));
  }

  @POST
  @Path("/allow")
  public Uni<OrphanBreaker.Allowance> allow(Allow wish) {
    check(wish);
    return breaker
        .allow(wish.upTo(), wish.who(), wish.why())
        .invoke(
            allowed ->
                LOG.warnf(
                    "orphan sweep allowed: upTo=%d until=%s who=%s why=%s",
                    allowed.upTo(), allowed.until(), allowed.who(), allowed.why()));
  }

  private static void check(Allow wish) {
    var said = wish == null ? new Allow(null, null, null) : wish;
    var found = new ArrayList<Rules.Violation>();
    if (said.upTo() == null || said.upTo() < 0) {
      found.add(new Rules.Violation("upTo", "must be the number of orphans that is right"));
    }
    found.addAll(WhoAndWhy.check(said.who(), "allows it", said.why(), "why it is right"));
    if (!found.isEmpty()) {
      throw Problem.invalid("Allowing the orphan sweep to go on is not valid.", found).exception();
    }
  }
}
