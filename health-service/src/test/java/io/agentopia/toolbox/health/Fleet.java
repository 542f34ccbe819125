package io.agentopia.toolbox.health;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.events.UpgradeOutcome;
import io.agentopia.toolbox.testing.TestBus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Toolboxes whose agents beat, and do what is asked of them unless they are told not to. */
class Fleet {
  static final String OLD = "registry.example/dtma@sha256:" + "a".repeat(64);
  static final String NEW = "registry.example/dtma@sha256:" + "b".repeat(64);

  /** One toolbox's agent. */
  class Agent {
    final Story story = new Story();
    String image = OLD;
    long generation = 1;
    boolean isStubborn;
    double disk = 3;
    AgentUpgrade upgrade;

    UUID id() {
      return story.id;
    }

    /** As the fleet looked last. */
    List<AgentUpgradeRequested> requests() {
      return events.getOrDefault(id(), List.of()).stream()
          .filter(AgentUpgradeRequested.class::isInstance)
          .map(AgentUpgradeRequested.class::cast)
          .toList();
    }

    private void beat() {
      var wanted = requests();
      if (!isStubborn && !wanted.isEmpty() && wanted.getLast().generation() == generation) {
        image = wanted.getLast().images().getFirst();
      }
      story.bus.publish(story.heartbeat(generation, true, disk, image, upgrade));
    }

    void failsToStart(String wanted) {
      isStubborn = true;
      upgrade = new AgentUpgrade(wanted, UpgradeOutcome.FAILED, "it did not answer within 180 s");
    }
  }

  final List<Agent> agents = new ArrayList<>();
  private final Map<UUID, Agent> byId = new HashMap<>();
  private Map<UUID, List<Event>> events = Map.of();

  Fleet(int size) {
    Stream.generate(this::add).limit(size).toList();
  }

  final Agent add() {
    var agent = new Agent();
    agent.story.ready(1, 1);
    agents.add(agent);
    byId.put(agent.id(), agent);
    return agent;
  }

  Agent agent(String id) {
    return byId.get(UUID.fromString(id));
  }

  /** Reads the topic once for all, and beats. */
  void beat() {
    events =
        TestBus.get().records(Topics.TOOLBOX_HEALTH).stream()
            .filter(r -> byId.containsKey(UUID.fromString(r.key())))
            .map(r -> EventCodec.decode(TestBus.headers(r), r.value()).event())
            .collect(Collectors.groupingBy(Event::toolboxId));
    agents.forEach(Agent::beat);
  }

  boolean isHealthy() {
    return agents.stream().allMatch(a -> "healthy".equals(a.story.document("status")));
  }
}
