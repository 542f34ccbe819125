package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.gateway.view.ViewChanges;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells that agents can be heard through this instance: it runs, has its database, without which it
 * lets no agent in, and reaches the broker by the way that heartbeats go. While no instance tells
 * so, the agents' silence is the edge's.
 */
@ApplicationScoped
public class EdgePulse {
  private static final Logger LOG = Logger.getLogger(EdgePulse.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final byte[] NOTHING = {};

  private final BeatProducer producer;
  private final ViewChanges changes;
  private final String instance;

  @Inject
  EdgePulse(
      BeatProducer producer,
      ViewChanges changes,
      @ConfigProperty(name = "toolbox.instance") String instance) {
    this.producer = producer;
    this.changes = changes;
    this.instance = instance;
  }

  void start(@Observes StartupEvent event, Drivers drivers) {
    drivers.every("edge-pulse", EVERY, this::beat);
  }

  private Uni<Void> beat() {
    if (!changes.isListening()) {
      return Uni.createFrom().voidItem();
    }
    return producer
        .sendAsync(Topics.EDGE_PULSE, instance, Map.of(), NOTHING)
        .ifNoItem()
        .after(LONGEST_WAIT)
        .fail()
        .onFailure()
        .invoke(e -> LOG.debugf("sign of life not published: cause=%s", e))
        .onFailure()
        .recoverWithNull();
  }
}
