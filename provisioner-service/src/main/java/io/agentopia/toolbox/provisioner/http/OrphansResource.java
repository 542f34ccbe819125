package io.agentopia.toolbox.provisioner.http;

import io.agentopia.toolbox.provisioner.store.OrphanBreakerTable;
import io.agentopia.toolbox.provisioner.store.OrphanTable;
import io.agentopia.toolbox.runtime.http.Bodies;
import io.agentopia.toolbox.runtime.http.Said;
import io.agentopia.toolbox.runtime.operations.Allowances.Allowance;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
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
      OrphanBreakerTable.Held held, Allowance allowance, List<OrphanTable.Shown> orphans) {}

  /**
   * @param upTo how many orphans at a time are right
   */
  public record Allow(
      @NotNull(message = UP_TO) @PositiveOrZero(message = UP_TO) Integer upTo,
      @Said(message = "must say who allows it, in 1 to 500 characters") String who,
      @Said(message = "must say why it is right, in 1 to 500 characters") String why) {
    private static final String UP_TO = "must be the number of orphans that is right";
  }

  @Inject OrphanTable orphans;
  @Inject OrphanBreakerTable breaker;
  @Inject Bodies bodies;

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
  public Uni<Allowance> allow(Allow wish) {
    bodies.valid(wish, "Allowing the orphan sweep to go on is not valid.");
    return breaker
        .allow(wish.upTo(), wish.who(), wish.why())
        .invoke(
            allowed ->
                LOG.warnf(
                    "orphan sweep allowed: upTo=%d until=%s who=%s why=%s",
                    allowed.upTo(), allowed.until(), allowed.who(), allowed.why()));
  }
}
