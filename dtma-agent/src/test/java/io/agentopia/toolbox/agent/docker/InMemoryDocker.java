package io.agentopia.toolbox.agent.docker;

import io.agentopia.toolbox.agent.tools.ImageReference;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.ObservedContainer.Origin;
import io.agentopia.toolbox.agent.tools.ObservedContainer.Run;
import io.agentopia.toolbox.agent.tools.ObservedContainer.State;
import io.agentopia.toolbox.agent.tools.ObservedImage;
import io.agentopia.toolbox.agent.tools.Port;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@link DockerGateway} without an engine: it keeps the same contract, and breaks when told to. */
public final class InMemoryDocker implements DockerGateway {
  public static final long IMAGE_BYTES = 100_000_000;

  private static final class Container {
    private final String id;
    private String name;
    private final ContainerRequest request;
    private State state = State.CREATED;
    private Integer exitCode;
    private int restartCount;
    private Instant startedAt;
    private String log = "";
    private List<Port> ports = List.of();
    private int starts;

    Container(String id, ContainerRequest request) {
      this.id = id;
      this.name = request.name();
      this.request = request;
    }
  }

  private final Map<String, Container> containers = new LinkedHashMap<>();
  private final Map<String, UUID> networks = new LinkedHashMap<>();
  private final Set<String> images = new HashSet<>();
  private final Map<String, String> aliases = new HashMap<>();
  private final Set<String> pullable = new HashSet<>();
  private final Set<Integer> portsOfOthers = new HashSet<>();
  private final List<String> calls = new ArrayList<>();
  private CountDownLatch pullsHeld = new CountDownLatch(0);
  private volatile CountDownLatch held = new CountDownLatch(0);
  private volatile boolean away;
  private long changes;
  private int made;
  private int nextPort = 40_000;

  public InMemoryDocker withImage(String image) {
    images.add(image);
    return this;
  }

  public InMemoryDocker withRemoteImage(String image) {
    pullable.add(image);
    return this;
  }

  /** As if another program listened on that port. */
  public synchronized void occupyPort(int port) {
    portsOfOthers.add(port);
  }

  public synchronized void freePort(int port) {
    portsOfOthers.remove(port);
  }

  public void goAway() {
    away = true;
  }

  public void comeBack() {
    away = false;
    changed();
  }

  /** Every call hangs until the latch opens. */
  public void hang(CountDownLatch until) {
    held = until;
  }

  public void hangPulls(CountDownLatch until) {
    pullsHeld = until;
  }

  /** The tool's process ended by itself {@code times} times, and Docker waits to start it again. */
  public synchronized void crash(String name, int exitCode, int times) {
    var container = named(name);
    container.state = State.RESTARTING;
    container.exitCode = exitCode;
    container.restartCount += times;
    container.log += "oops\n".repeat(times);
    changed();
  }

  /** What a person does with {@code docker rm -f}. */
  public synchronized void removeByHand(String name) {
    containers.remove(named(name).id);
    changed();
  }

  /** A container the agent did not make. */
  public synchronized void addForeign(String name) {
    var foreign = new ContainerRequest(name, "bridge", UUID.randomUUID(), null, Map.of());
    containers.put(name, new Container(name, foreign));
  }

  public synchronized List<String> names() {
    return containers.values().stream().map(c -> c.name).toList();
  }

  public synchronized List<String> runningNames() {
    return containers.values().stream()
        .filter(c -> c.state == State.RUNNING)
        .map(c -> c.name)
        .toList();
  }

  public synchronized int startsOf(String name) {
    return named(name).starts;
  }

  public synchronized Map<String, String> labelsOf(String name) {
    return named(name).request.labels();
  }

  public synchronized Set<String> networkNames() {
    return Set.copyOf(networks.keySet());
  }

  /** {@code verb argument} of every call that may change something. */
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  private Container named(String name) {
    return containers.values().stream().filter(c -> c.name.equals(name)).findFirst().orElseThrow();
  }

  private void reach(String what) {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DockerUnavailable(what + ": interrupted", e);
    }
    if (away) {
      throw new DockerUnavailable(what + ": no answer from Docker (connection refused)", null);
    }
  }

  private synchronized void changed() {
    changes++;
    notifyAll();
  }

  private Container existing(String what, String id) {
    var found = containers.get(id);
    if (found == null) {
      throw new DockerRefusal(
          DockerRefusal.Kind.NOT_FOUND, what + ": Docker said: No such container: " + id, null);
    }
    return found;
  }

  @Override
  public EngineFacts facts() {
    reach("facts");
    return new EngineFacts("1.0-memory", EngineFacts.CLASSIC_STORE, runningNames().size());
  }

  @Override
  public List<ObservedContainer> list(UUID toolboxId) {
    reach("list");
    synchronized (this) {
      return containers.values().stream()
          .filter(c -> c.request.tool() != null && c.request.toolboxId().equals(toolboxId))
          .map(InMemoryDocker::observed)
          .toList();
    }
  }

  private static ObservedContainer observed(Container c) {
    var tool = c.request.tool();
    var code = c.state == State.RUNNING || c.state == State.CREATED ? null : c.exitCode;
    return new ObservedContainer(
        c.id,
        c.name,
        tool.image(),
        Origin.of(tool),
        new Run(c.state, code, false, c.restartCount, c.startedAt),
        c.ports);
  }

  @Override
  public boolean hasImage(String image) {
    reach("image");
    synchronized (this) {
      return images.contains(image);
    }
  }

  @Override
  public ImageShelf images() {
    return new Shelf();
  }

  /** Every image has a size of its own and shares no layer. */
  private final class Shelf implements ImageShelf {
    @Override
    public List<ObservedImage> list() {
      reach("images");
      synchronized (InMemoryDocker.this) {
        var tags = new TreeMap<String, List<String>>();
        images.forEach(i -> tags.computeIfAbsent(idOf(i), _ -> new ArrayList<>()).add(i));
        return tags.entrySet().stream()
            .map(e -> new ObservedImage(e.getKey(), e.getValue(), List.of(), IMAGE_BYTES))
            .toList();
      }
    }

    @Override
    public Optional<ObservedImage> find(String reference) {
      var id = images.contains(reference) ? idOf(reference) : reference;
      return list().stream().filter(i -> i.id().equals(id)).findFirst();
    }

    @Override
    public Set<String> idsInUse() {
      reach("images in use");
      synchronized (InMemoryDocker.this) {
        return containers.values().stream()
            .filter(c -> c.request.tool() != null)
            .map(c -> idOf(c.request.tool().image()))
            .collect(Collectors.toSet());
      }
    }

    @Override
    public void remove(String imageIdOrTag) {
      reach("remove image");
      synchronized (InMemoryDocker.this) {
        calls.add("remove image " + imageIdOrTag);
        var tags =
            images.stream().filter(i -> isNamed(i, imageIdOrTag)).collect(Collectors.toSet());
        var byId = tags.stream().anyMatch(t -> idOf(t).equals(imageIdOrTag));
        if (tags.stream().anyMatch(t -> idsInUse().contains(idOf(t))) || byId && tags.size() > 1) {
          throw new DockerRefusal(
              DockerRefusal.Kind.CONFLICT,
              "removing image " + imageIdOrTag + ": Docker said: conflict: must be forced",
              null);
        }
        images.removeAll(tags);
      }
    }

    private boolean isNamed(String image, String idOrTag) {
      return idOf(image).equals(idOrTag)
          || ImageReference.familiar(image).equals(ImageReference.familiar(idOrTag));
    }
  }

  private String idOf(String image) {
    return aliases.getOrDefault(image, "sha256:" + ImageReference.familiar(image));
  }

  /** One more name for an image that is there. */
  public synchronized InMemoryDocker withTag(String image, String tag) {
    aliases.put(tag, idOf(image));
    images.add(tag);
    return this;
  }

  public synchronized Set<String> imageNames() {
    return Set.copyOf(images);
  }

  @Override
  public void pull(String image, Duration limit) {
    reach("pull");
    synchronized (this) {
      calls.add("pull " + image);
    }
    try {
      if (!pullsHeld.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new DockerRefusal(
            DockerRefusal.Kind.TIMEOUT, "pulling image " + image + ": not done in time", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DockerUnavailable("pulling image " + image + ": interrupted", e);
    }
    synchronized (this) {
      if (!pullable.contains(image)) {
        throw new DockerRefusal(
            DockerRefusal.Kind.NOT_FOUND,
            "pulling image " + image + ": Docker said: manifest unknown",
            null);
      }
      images.add(image);
      changed();
    }
  }

  @Override
  public String create(ContainerRequest request) {
    reach("create");
    synchronized (this) {
      calls.add("create " + request.name());
      if (!images.contains(request.tool().image())) {
        throw new DockerRefusal(
            DockerRefusal.Kind.NOT_FOUND,
            "creating: No such image: " + request.tool().image(),
            null);
      }
      if (names().contains(request.name())) {
        throw new DockerRefusal(
            DockerRefusal.Kind.CONFLICT, "creating: name in use: " + request.name(), null);
      }
      var id = "%064x".formatted(++made);
      containers.put(id, new Container(id, request));
      changed();
      return id;
    }
  }

  @Override
  public void start(String containerId) {
    reach("start");
    synchronized (this) {
      calls.add("start " + containerId);
      var container = existing("starting", containerId);
      if (container.state == State.RUNNING) {
        return;
      }
      container.ports = bind(container);
      begin(container);
    }
  }

  private List<Port> bind(Container container) {
    var bound = new ArrayList<Port>();
    for (var port : container.request.tool().spec().ports()) {
      var wanted = port.hostPort() == null ? ++nextPort : port.hostPort();
      if (portsOfOthers.contains(wanted) || isBound(wanted, container)) {
        throw new DockerRefusal(
            DockerRefusal.Kind.OTHER,
            "starting: Bind for 127.0.0.1:" + wanted + " failed: port is already allocated",
            null);
      }
      bound.add(new Port(port.containerPort(), wanted, port.protocol()));
    }
    return bound;
  }

  private boolean isBound(int port, Container except) {
    return containers.values().stream()
        .filter(c -> c != except && c.state == State.RUNNING)
        .flatMap(c -> c.ports.stream())
        .anyMatch(p -> p.hostPort() == port);
  }

  private void begin(Container container) {
    container.state = State.RUNNING;
    container.startedAt = Instant.now();
    container.restartCount = 0;
    container.starts++;
    container.log += "started\n";
    changed();
  }

  @Override
  public void stop(String containerId, Duration grace) {
    reach("stop");
    synchronized (this) {
      calls.add("stop " + containerId);
      var container = containers.get(containerId);
      if (container != null && container.state.isAlive()) {
        container.state = State.EXITED;
        container.exitCode = 143;
        container.ports = List.of();
        changed();
      }
    }
  }

  @Override
  public void restart(String containerId, Duration grace) {
    reach("restart");
    synchronized (this) {
      calls.add("restart " + containerId);
      begin(existing("restarting", containerId));
    }
  }

  @Override
  public void rename(String containerId, String name) {
    reach("rename");
    synchronized (this) {
      calls.add("rename " + name);
      var container = existing("renaming", containerId);
      if (names().contains(name)) {
        throw new DockerRefusal(DockerRefusal.Kind.CONFLICT, "renaming: name in use", null);
      }
      container.name = name;
      changed();
    }
  }

  @Override
  public void remove(String containerId) {
    reach("remove");
    synchronized (this) {
      calls.add("remove " + containerId);
      if (containers.remove(containerId) != null) {
        changed();
      }
    }
  }

  @Override
  public String logTail(String containerId, int lines, int maxBytes) {
    reach("log");
    synchronized (this) {
      var all = existing("reading the log", containerId).log.lines().toList();
      var last = all.subList(Math.max(0, all.size() - lines), all.size());
      var text = last.isEmpty() ? "" : String.join("\n", last) + "\n";
      return text.substring(Math.max(0, text.length() - maxBytes));
    }
  }

  @Override
  public synchronized void ensureNetwork(String name, UUID toolboxId) {
    reach("network");
    networks.putIfAbsent(name, toolboxId);
  }

  @Override
  public synchronized void removeNetwork(String name, UUID toolboxId) {
    reach("network");
    networks.remove(name, toolboxId);
  }

  @Override
  public synchronized Instant watch(
      UUID toolboxId, Instant since, Duration limit, Runnable onChange)
      throws InterruptedException {
    if (away) {
      throw new DockerUnavailable("watch: no answer from Docker (connection refused)", null);
    }
    var deadline = System.nanoTime() + limit.toNanos();
    var seen = changes;
    while (System.nanoTime() < deadline && !away) {
      if (changes != seen) {
        seen = changes;
        onChange.run();
      }
      wait(Math.max(1, Math.min(100, (deadline - System.nanoTime()) / 1_000_000)));
    }
    return since;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
