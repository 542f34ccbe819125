package io.agentopia.toolbox.provisioner.messaging;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.provisioner.fleet.Listed;
import io.agentopia.toolbox.provisioner.work.Voices;
import io.agentopia.toolbox.runtime.messaging.TopicReader;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@link Voices} in the heartbeats that the agents' edge let through. */
@ApplicationScoped
public class HeartbeatVoices implements Voices {
  /** A healthy agent speaks every ten seconds, one whose edge was away after a minute. */
  private static final Duration OF_LATE = Duration.ofMinutes(5);

  private final TopicReader topics;
  private final Clock clock;

  @Inject
  public HeartbeatVoices(TopicReader topics, Clock clock) {
    this.topics = topics;
    this.clock = clock;
  }

  @Override
  public Uni<Set<Long>> of(Collection<Listed> droplets) {
    return droplets.isEmpty()
        ? Uni.createFrom().item(Set.of())
        : Uni.createFrom()
            .item(() -> heard(droplets))
            .runSubscriptionOn(Infrastructure.getDefaultExecutor());
  }

  private Set<Long> heard(Collection<Listed> droplets) {
    var heard = new HashSet<Long>();
    for (var droplet : droplets) {
      if (isHeard(droplet)) {
        heard.add(droplet.id());
      }
    }
    return heard;
  }

  private boolean isHeard(Listed droplet) {
    var toolbox = droplet.toolboxId();
    var generation = droplet.generation();
    if (toolbox.isEmpty() || generation.isEmpty()) {
      return false;
    }
    var heard = new AtomicBoolean();
    topics.readPartition(
        Topics.AGENT_HEARTBEATS,
        toolbox.get().toString(),
        clock.instant().minus(OF_LATE),
        beats ->
            beats.stream()
                .filter(b -> b.event() instanceof AgentHeartbeat)
                .map(b -> (AgentHeartbeat) b.event())
                .filter(b -> b.toolboxId().equals(toolbox.get()))
                .filter(b -> b.generation() == generation.get())
                .forEach(b -> heard.set(true)));
    return heard.get();
  }
}
