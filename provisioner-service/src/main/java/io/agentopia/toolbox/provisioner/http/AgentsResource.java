package io.agentopia.toolbox.provisioner.http;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.provisioner.http.RefusedToken.Reason;
import io.agentopia.toolbox.provisioner.store.JoinToken;
import io.agentopia.toolbox.provisioner.store.JoinTokenTable;
import io.agentopia.toolbox.provisioner.toolbox.Fact;
import io.agentopia.toolbox.provisioner.toolbox.Toolbox;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import io.agentopia.toolbox.provisioner.work.ToolboxStore;
import io.agentopia.toolbox.provisioner.work.Toolboxes;
import io.agentopia.toolbox.runtime.http.Bodies;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Ignored;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.validator.constraints.Range;
import org.jboss.resteasy.reactive.server.Cancellable;

/** What the agents' edge asks on behalf of droplets that hold a join token. */
@Cancellable(false)
@Path("/internal/agents")
public class AgentsResource {
  private static final Set<BootStage> PHONED =
      EnumSet.of(
          BootStage.CLOUD_INIT,
          BootStage.DOCKER,
          BootStage.IMAGE_PULL,
          BootStage.AGENT_STARTING,
          BootStage.FAILED);
  private static final Set<ToolboxStatus> HAS_BEEN_ACTIVE =
      EnumSet.of(ToolboxStatus.ACTIVE, ToolboxStatus.UNRESPONSIVE);
  private static final Set<ToolboxStatus> BEFORE_ITS_DROPLET =
      EnumSet.of(ToolboxStatus.PENDING_PROVISION, ToolboxStatus.PROVISIONING);
  private static final int LONGEST_DETAIL = 2000;
  private static final int LONGEST_LOG_TAIL = 4000;

  @Inject Toolboxes toolboxes;
  @Inject ToolboxStore store;
  @Inject JoinTokenTable tokens;
  @Inject Clock clock;
  @Inject Bodies bodies;

  public record Join(
      String joinToken,
      @NotNull(message = NONCE)
          @Pattern(regexp = "[0-9a-f]{64}", message = NONCE, payload = Bodies.Unshown.class)
          String nonce,
      @NotBlank(message = VERSION) @Size(max = 64, message = VERSION) String agentVersion,
      String hostname,
      String bootId,
      @Range(min = 1, max = 65535, message = "must be between 1 and 65535") Integer agentPort) {
    private static final String NONCE = "must be 64 hexadecimal digits";
    private static final String VERSION = "must be 1 to 64 characters";

    @Override
    public String toString() {
      return "Join[hostname=" + hostname + "]"; // the token is a secret
    }
  }

  public record Joined(UUID toolboxId, String accountId, long generation) {}

  public record Boot(String joinToken, String stage, String detail, String logTail) {
    @Override
    public String toString() {
      return "Boot[stage=" + stage + "]"; // the token is a secret
    }
  }

  @POST
  @Path("/join")
  public Uni<Joined> join(Join join) {
    if (join == null || join.joinToken() == null || join.joinToken().isBlank()) {
      throw RefusedToken.invalid(Reason.MISSING, null);
    }
    bodies.valid(join, "The agent's join request is not valid.");
    return Panache.withTransaction(
        () -> tokens.findLocked(join.joinToken()).flatMap(token -> admit(join, token)));
  }

  private Uni<Joined> admit(Join join, JoinToken token) {
    var now = clock.instant();
    checkToken(token, now);
    if (token.nonce != null && !token.nonce.equals(join.nonce())) {
      throw RefusedToken.used(token);
    }
    return store.find(token.toolboxId).flatMap(toolbox -> admit(join, token, toolbox, now));
  }

  private Uni<Joined> admit(Join join, JoinToken token, Toolbox toolbox, Instant now) {
    if (toolbox.generation() != token.generation) {
      throw RefusedToken.invalid(Reason.REPLACED, token);
    }
    var agent =
        new ToolboxState.Agent(
            join.agentVersion(), join.agentPort() == null ? 30000 : join.agentPort());
    var joined = new Joined(toolbox.id(), toolbox.accountId(), toolbox.generation());
    if (token.nonce != null) {
      return Uni.createFrom().item(joined); // the same agent asks again: its answer was lost
    }
    return toolboxes
        .apply(toolbox, new Fact.AgentJoined(agent))
        .map(
            outcome -> {
              if (outcome instanceof Ignored<Toolbox, Event> unchanged) {
                throw notNow(toolbox, token, unchanged.why());
              }
              token.nonce = join.nonce();
              token.usedAt = now;
              return joined;
            });
  }

  @POST
  @Path("/boot")
  public Uni<Response> boot(Boot boot) {
    var stage = stage(boot);
    return Panache.withTransaction(
        () ->
            tokens
                .findLocked(boot.joinToken())
                .flatMap(
                    token -> {
                      checkToken(token, clock.instant());
                      return store
                          .find(token.toolboxId)
                          .flatMap(toolbox -> progressed(toolbox, token, stage, boot));
                    })
                .replaceWith(() -> Response.accepted().build()));
  }

  private Uni<Transition<Toolbox, Event>> progressed(
      Toolbox toolbox, JoinToken token, BootStage stage, Boot boot) {
    if (toolbox.generation() != token.generation) {
      throw RefusedToken.invalid(Reason.REPLACED, token);
    }
    if (token.usedAt != null && HAS_BEEN_ACTIVE.contains(toolbox.status())) {
      throw RefusedToken.used(token); // the boot is over: whoever still has the token tells tales
    }
    var detail = beginning(boot.detail());
    return toolboxes.apply(
        toolbox,
        stage == BootStage.FAILED
            ? new Fact.BootFailed(detail, end(boot.logTail()))
            : new Fact.BootStageReached(stage, detail));
  }

  private static BootStage stage(Boot boot) {
    if (boot == null || boot.joinToken() == null || boot.joinToken().isBlank()) {
      throw RefusedToken.invalid(Reason.MISSING, null);
    }
    return PHONED.stream()
        .filter(stage -> stage.wire().equals(boot.stage()))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.invalid(
                        "The boot stage is not known.",
                        List.of(
                            new Rules.Violation(
                                "stage",
                                "must be one of " + PHONED.stream().map(BootStage::wire).toList())))
                    .exception());
  }

  private static void checkToken(JoinToken token, Instant now) {
    if (token == null) {
      throw RefusedToken.invalid(Reason.UNKNOWN, null);
    }
    if (!now.isBefore(token.expiresAt)) {
      throw RefusedToken.invalid(Reason.EXPIRED, token);
    }
  }

  private static RuntimeException notNow(Toolbox toolbox, JoinToken token, String reason) {
    return BEFORE_ITS_DROPLET.contains(toolbox.status())
        ? Problem.of(
                503,
                "not_yet",
                "Not yet",
                "Toolbox " + toolbox.id() + " cannot take its agent yet: " + reason + ".",
                "Try again in a few seconds.")
            .exception()
        : new RefusedToken(
            Reason.NOT_WANTED,
            token,
            Problem.of(
                401,
                "join_token_invalid",
                "Join token not valid",
                "Toolbox " + toolbox.id() + " takes no agent any more: " + reason + ".",
                "Nothing: the droplet is on its way out."));
  }

  private static String beginning(String detail) {
    return detail == null || detail.length() <= LONGEST_DETAIL
        ? detail
        : detail.substring(0, LONGEST_DETAIL);
  }

  /** Of a log the last lines matter. */
  private static String end(String log) {
    if (log == null || log.isBlank()) {
      return null;
    }
    return log.substring(Math.max(0, log.length() - LONGEST_LOG_TAIL));
  }
}
