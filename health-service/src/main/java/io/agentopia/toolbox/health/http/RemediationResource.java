package io.agentopia.toolbox.health.http;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.model.AilingDroplets;
import io.agentopia.toolbox.health.remediation.AilingDroplet;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.health.store.RemediationAllowances;
import io.agentopia.toolbox.health.watch.SilenceHold;
import io.agentopia.toolbox.runtime.http.Bodies;
import io.agentopia.toolbox.runtime.http.Said;
import io.agentopia.toolbox.runtime.operations.Allowances.Allowance;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.Cancellable;

/** For operators: which droplets are lost, and whether so many can be true. */
@Cancellable(false)
@Path("/internal/remediation")
@Produces("application/json")
@Consumes("application/json")
public class RemediationResource {
  private static final Logger LOG = Logger.getLogger(RemediationResource.class);
  private static final int MOST_SHOWN = 500;

  /**
   * @param held whether more are lost than can be true, so that nothing is recreated
   * @param allowance the operators' last word, while it holds, or null
   * @param lost droplets that are not replaced
   * @param silence that verdicts of silence are held back at the instance that was asked, or null
   */
  public record Shown(
      boolean held, Fleet fleet, Allowance allowance, List<Lost> lost, SilenceHold.Held silence) {}

  /**
   * @param state open or given_up
   * @param askedAt when its recreation was asked for, or null
   */
  public record Lost(
      UUID toolboxId,
      long generation,
      Instant lostAt,
      String state,
      Instant askedAt,
      UUID alertId) {
    static Lost of(AilingDroplet droplet) {
      return new Lost(
          droplet.key().toolboxId(),
          droplet.key().generation(),
          droplet.since(),
          droplet.state().name().toLowerCase(Locale.ROOT),
          droplet.asked() == null ? null : droplet.asked().at(),
          droplet.alert());
    }
  }

  /**
   * @param upTo how many droplets lost at a time are right
   */
  public record Allow(
      @NotNull(message = UP_TO) @PositiveOrZero(message = UP_TO) Integer upTo,
      @Said(message = "must say who allows it, in 1 to 500 characters") String who,
      @Said(message = "must say why it is right, in 1 to 500 characters") String why) {
    private static final String UP_TO = "must be the number of lost droplets that is right";
  }

  @Inject AilingDroplets ailing;
  @Inject RemediationAllowances allowances;
  @Inject SilenceHold silence;
  @Inject Bodies bodies;
  @Inject HealthConfig config;
  @Inject Clock clock;

  @GET
  public Uni<Shown> show() {
    var now = clock.instant();
    var settings = config.remediation();
    return Uni.combine()
        .all()
        .unis(
            ailing.fleet(now, settings.fleetWindow()),
            allowances.current(now),
            Panache.withSession(() -> ailing.open(MOST_SHOWN)))
        .with(
            (fleet, allowance, open) ->
                new Shown(
                    settings.isTooMany(fleet),
                    fleet,
                    allowance.orElse(null),
                    open.stream().map(Lost::of).toList(),
                    silence.current().orElse(null)));
  }

  @POST
  @Path("/allow")
  public Uni<Allowance> allow(Allow wish) {
    bodies.valid(wish, "Allowing lost droplets to be recreated is not valid.");
    return allowances
        .allow(
            wish.upTo(), wish.who(), wish.why(), clock.instant(), config.remediation().allowance())
        .invoke(
            allowed ->
                LOG.warnf(
                    "healing allowed: upTo=%d until=%s who=%s why=%s",
                    allowed.upTo(), allowed.until(), allowed.who(), allowed.why()));
  }
}
