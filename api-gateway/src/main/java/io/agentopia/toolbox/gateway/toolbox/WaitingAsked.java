package io.agentopia.toolbox.gateway.toolbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.gateway.internal.InternalServices;
import io.agentopia.toolbox.gateway.toolbox.ToolboxDocument.WaitsFor;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * What a toolbox waits for. Its provisioner is asked, and only about one that has stood still for a
 * while: most are on their way for some seconds, and nobody reads it of them. Without an answer it
 * is not said.
 */
@ApplicationScoped
public class WaitingAsked {
  private static final Logger LOG = Logger.getLogger(WaitingAsked.class);
  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final Duration A_WHILE = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofSeconds(2);
  private static final Set<String> WAITING =
      Set.of(
          ToolboxStatus.PROVISIONING.wire(),
          ToolboxStatus.AWAITING_HEARTBEAT.wire(),
          ToolboxStatus.DEPROVISIONING.wire(),
          ToolboxStatus.ERROR_DEPROVISIONING.wire());

  private final InternalServices upstream;
  private final Clock clock;

  @Inject
  public WaitingAsked(InternalServices upstream, Clock clock) {
    this.upstream = upstream;
    this.clock = clock;
  }

  /** The document, with what its toolbox waits for. Not within a session: it may take a while. */
  public Uni<ToolboxDocument> of(ToolboxDocument toolbox) {
    return of(toolbox.id(), toolbox.status(), toolbox.updatedAt())
        .map(found -> found.map(toolbox::waitingFor).orElse(toolbox));
  }

  public Uni<BootTimeline> of(BootTimeline boot) {
    return of(boot.toolboxId(), boot.status(), boot.updatedAt())
        .map(found -> found.map(boot::waitingFor).orElse(boot));
  }

  private Uni<Optional<WaitsFor>> of(UUID id, String status, Instant updatedAt) {
    if (!WAITING.contains(status) || updatedAt.isAfter(clock.instant().minus(A_WHILE))) {
      return Uni.createFrom().item(Optional.empty());
    }
    return upstream
        .waiting(id)
        .map(WaitingAsked::read)
        .ifNoItem()
        .after(LONGEST)
        .recoverWithItem(Optional.empty())
        .onFailure()
        .invoke(e -> LOG.debugf("what toolbox %s waits for is not known: cause=%s", id, e))
        .onFailure()
        .recoverWithItem(Optional.empty());
  }

  private static Optional<WaitsFor> read(InternalServices.Answer answer) {
    try {
      return answer.status() == 200
          ? Optional.of(JSON.readValue(answer.body(), WaitsFor.class))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the provisioner's answer cannot be read", e);
    }
  }
}
