package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.docker.ContainerRequest;
import io.agentopia.toolbox.agent.docker.DockerGateway;
import io.agentopia.toolbox.agent.docker.DockerRefusal;
import io.agentopia.toolbox.agent.docker.DockerUnavailable;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.ObservedContainer.Origin;
import io.agentopia.toolbox.agent.tools.ObservedContainer.Run;
import io.agentopia.toolbox.agent.tools.ObservedContainer.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A droplet's Docker engine. The agent may die after any call that changes something, so every
 * sequence of calls is cut at every place sooner or later.
 */
final class Docker implements DockerGateway {
  /** An image that no registry has. */
  static final String NO_SUCH_IMAGE = "no-such-image";

  /** The agent dies; the engine and its containers go on. No code of the agent's catches it. */
  static final class AgentDies extends Error {
    AgentDies() {
      super("agent dies", null, false, false);
    }
  }

  private final World world;
  private final DropletAgent agent;
  private final Map<String, ObservedContainer> containers = new LinkedHashMap<>();
  private final Set<String> images = new HashSet<>();
  private int made;
  private Runnable listener = () -> {};
  private long listensUntil;
  private long awayUntil;

  Docker(World world, DropletAgent agent) {
    this.world = world;
    this.agent = agent;
    images.add(AgentImages.first().reference());
  }

  boolean isReachable() {
    return world.agenda.now() >= awayUntil;
  }

  void goAway(long millis) {
    awayUntil = world.agenda.now() + millis;
  }

  /** Without the engine's say: what is really there. */
  Iterable<ObservedContainer> truth() {
    return containers.values();
  }

  private void answer() {
    if (!isReachable()) {
      throw new DockerUnavailable("Docker does not answer", null);
    }
  }

  private void changed() {
    if (world.chance.fault(0.4)) {
      throw new AgentDies();
    }
  }

  @Override
  public List<ObservedContainer> list(UUID toolboxId) {
    answer();
    return List.copyOf(containers.values());
  }

  @Override
  public boolean hasImage(String image) {
    return images.contains(image);
  }

  @Override
  public void pull(String image, Duration limit) {
    answer();
    var isOfAgent = AgentImages.isOne(image);
    if (image.equals(NO_SUCH_IMAGE)
        || isOfAgent && AgentImages.of(image).kind() == AgentImages.Kind.MISSING) {
      throw new DockerRefusal(DockerRefusal.Kind.NOT_FOUND, "no such image", null);
    }
    if (world.chance.fault(8)) {
      throw new DockerRefusal(DockerRefusal.Kind.OTHER, "the registry does not answer", null);
    }
    agent.spend(isOfAgent ? world.chance.between(1_000, 40_000) : 0);
    images.add(image);
    changed();
  }

  @Override
  public String create(ContainerRequest request) {
    answer();
    for (var container : containers.values()) {
      if (container.name().equals(request.name())) {
        throw new DockerRefusal(DockerRefusal.Kind.CONFLICT, request.name() + " is taken", null);
      }
    }
    var tool = request.tool();
    var id = "c" + ++made;
    containers.put(
        id,
        new ObservedContainer(
            id, request.name(), tool.image(), Origin.of(tool), Run.NEVER, List.of()));
    changed();
    return id;
  }

  @Override
  public void start(String id) {
    answer();
    if (world.chance.fault(2)) {
      throw new DockerRefusal(DockerRefusal.Kind.OTHER, "cannot start", null);
    }
    become(get(id), State.RUNNING, 0);
    if (world.chance.fault(4)) {
      world.agenda.in(world.chance.between(1_000, 60_000), () -> mishap(id));
    }
    changed();
  }

  /** It ends by itself and Docker starts it again, or somebody removes it by hand. */
  private void mishap(String id) {
    var container = containers.get(id);
    if (container == null || container.state() != State.RUNNING || !world.chance.hasFaults()) {
      return;
    }
    if (world.chance.percent(60)) {
      become(container, State.RUNNING, container.run().restartCount() + 1);
    } else {
      containers.remove(id);
    }
    if (world.agenda.now() < listensUntil) {
      listener.run();
    }
  }

  @Override
  public void stop(String id, Duration grace) {
    answer();
    var container = containers.get(id);
    if (container != null && container.state().isAlive()) {
      become(container, State.EXITED, container.run().restartCount());
      changed();
    }
  }

  @Override
  public void restart(String id, Duration grace) {
    answer();
    become(get(id), State.RUNNING, 0);
    changed();
  }

  @Override
  public void rename(String id, String name) {
    answer();
    var c = get(id);
    containers.put(id, new ObservedContainer(id, name, c.image(), c.origin(), c.run(), c.ports()));
    changed();
  }

  @Override
  public void remove(String id) {
    answer();
    containers.remove(id);
    changed();
  }

  private ObservedContainer get(String id) {
    var container = containers.get(id);
    if (container == null) {
      throw new DockerRefusal(DockerRefusal.Kind.NOT_FOUND, "no container " + id, null);
    }
    return container;
  }

  private void become(ObservedContainer c, State state, int restartCount) {
    var isRunning = state == State.RUNNING;
    var startedAt = isRunning ? world.instant() : c.run().startedAt();
    var exitCode = isRunning ? null : (Integer) 137;
    containers.put(c.id(), c.with(new Run(state, exitCode, false, restartCount, startedAt)));
  }

  @Override
  public String logTail(String id, int lines, int maxBytes) {
    return "";
  }

  @Override
  public EngineFacts facts() {
    answer();
    return new EngineFacts("1", "classic", containers.size());
  }

  @Override
  public void ensureNetwork(String name, UUID toolboxId) {}

  @Override
  public void removeNetwork(String name, UUID toolboxId) {}

  /** Tells what happens by itself; what the agent does is looked at anyway. */
  @Override
  public Instant watch(UUID toolboxId, Instant since, Duration limit, Runnable onChange) {
    answer();
    listener = onChange;
    listensUntil = world.agenda.now() + limit.toMillis();
    agent.spend(limit.toMillis());
    return since;
  }

  @Override
  public void close() {}
}
