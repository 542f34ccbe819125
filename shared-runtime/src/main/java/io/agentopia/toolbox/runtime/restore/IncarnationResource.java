package io.agentopia.toolbox.runtime.restore;

import io.agentopia.toolbox.runtime.http.Bodies;
import io.agentopia.toolbox.runtime.http.Said;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.time.Instant;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Which life of its database a service is in, and the word that it is another one. */
@Cancellable(false)
@Path("/internal/incarnation")
@Produces("application/json")
@Consumes("application/json")
public class IncarnationResource {
  private static final Logger LOG = Logger.getLogger(IncarnationResource.class);

  /**
   * @param since when this life began, or null of the first
   * @param knownUntil what came later was read again, or null of the first
   * @param state {@code first}, {@code recalling}, {@code catching_up}, {@code settled}
   * @param declaredBy who said that it was restored; it counts from the next start; or null
   */
  public record Shown(
      long number, Instant since, Instant knownUntil, String state, String declaredBy) {
    static Shown of(IncarnationRow row) {
      return new Shown(
          row.incarnation().number(),
          row.incarnation().since(),
          row.knownUntil(),
          state(row),
          row.declaredBy());
    }

    private static String state(IncarnationRow row) {
      if (!row.incarnation().isRestored()) {
        return "first";
      }
      if (!row.isRecalled()) {
        return "recalling";
      }
      return row.isRetold() ? "settled" : "catching_up";
    }
  }

  public record Declared(
      @Said(message = "must say who says so, in 1 to 500 characters") String who,
      @Said(message = "must say what was restored, in 1 to 500 characters") String why) {}

  @Inject Incarnations incarnations;
  @Inject Bodies bodies;

  @GET
  public Uni<Shown> show() {
    return incarnations.shown().map(Shown::of);
  }

  /** For a restore that the database does not show by itself: of a volume's snapshot. */
  @POST
  public Uni<Shown> declare(Declared wish) {
    bodies.valid(wish, "Declaring a restore is not valid.");
    LOG.warnf("declared to be restored: who=%s why=%s", wish.who(), wish.why());
    return incarnations.declare(wish.who(), wish.why()).map(Shown::of);
  }
}
