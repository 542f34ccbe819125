package io.agentopia.toolbox.agent.docker;

import static io.agentopia.toolbox.agent.docker.DockerErrors.ask;
import static io.agentopia.toolbox.agent.docker.DockerErrors.unlessGone;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Network;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** {@link DockerGateway} over docker-java. */
public final class DockerJavaGateway implements DockerGateway {
  /** What such a store calls its driver\'s type. */
  private static final String SNAPSHOTTER = "io.containerd.snapshotter";

  private static final Duration LOGS_WITHIN = Duration.ofSeconds(10);

  private final EngineConnection engine;
  private final ImageShelf images;

  /**
   * @param answerWithin for calls that answer at once; longer than the longest grace of a stop
   */
  public DockerJavaGateway(String dockerHost, Duration answerWithin) {
    this.engine = new EngineConnection(dockerHost, answerWithin);
    this.images = new DockerJavaImages(engine);
  }

  @Override
  public EngineFacts facts() {
    try {
      return ask(
          "asking the engine for its facts",
          () -> {
            var info = engine.quick().infoCmd().exec();
            var running = info.getContainersRunning();
            return new EngineFacts(
                info.getServerVersion(), store(info), running == null ? 0 : running);
          });
    } catch (DockerUnavailable | DockerRefusal e) {
      engine.doubt();
      throw e;
    }
  }

  private static String store(Info info) {
    var status = info.getDriverStatuses();
    var isContainerds =
        status != null
            && status.stream()
                .anyMatch(pair -> pair.size() == 2 && pair.get(1).startsWith(SNAPSHOTTER));
    return isContainerds ? EngineFacts.CONTAINERD_STORE : EngineFacts.CLASSIC_STORE;
  }

  @Override
  public List<ObservedContainer> list(UUID toolboxId) {
    var found =
        ask(
            "listing the containers of toolbox " + toolboxId,
            () ->
                engine
                    .quick()
                    .listContainersCmd()
                    .withShowAll(true)
                    .withLabelFilter(Map.of(Labels.TOOLBOX, toolboxId.toString()))
                    .exec());
    var containers = new ArrayList<ObservedContainer>();
    for (var container : found) {
      try {
        var inspected =
            ask(
                "inspecting container " + container.getId(),
                () -> engine.quick().inspectContainerCmd(container.getId()).exec());
        containers.add(ContainerTranslation.observed(inspected));
      } catch (DockerRefusal e) {
        if (e.kind() != DockerRefusal.Kind.NOT_FOUND) {
          throw e;
        }
        // Removed between the two calls.
      }
    }
    return List.copyOf(containers);
  }

  @Override
  public boolean hasImage(String image) {
    return images.find(image).isPresent();
  }

  @Override
  public ImageShelf images() {
    return images;
  }

  @Override
  public void pull(String image, Duration limit) {
    ImagePull.run(engine, image, limit);
  }

  @Override
  public String create(ContainerRequest request) {
    return ask(
        "creating container " + request.name() + " from image " + request.tool().image(),
        () -> {
          var command = engine.quick().createContainerCmd(request.tool().image());
          return ContainerTranslation.fill(command, request).exec().getId();
        });
  }

  @Override
  public void start(String containerId) {
    tell("starting", containerId, () -> engine.quick().startContainerCmd(containerId).exec());
  }

  @Override
  public void stop(String containerId, Duration grace) {
    unlessGone(
        () ->
            tell(
                "stopping",
                containerId,
                () ->
                    engine
                        .quick()
                        .stopContainerCmd(containerId)
                        .withTimeout(seconds(grace))
                        .exec()),
        null);
  }

  @Override
  public void restart(String containerId, Duration grace) {
    tell(
        "restarting",
        containerId,
        () -> engine.quick().restartContainerCmd(containerId).withTimeout(seconds(grace)).exec());
  }

  @Override
  public void rename(String containerId, String name) {
    tell(
        "renaming to " + name,
        containerId,
        () -> engine.quick().renameContainerCmd(containerId).withName(name).exec());
  }

  @Override
  public void remove(String containerId) {
    unlessGone(
        () ->
            tell(
                "removing",
                containerId,
                () ->
                    engine
                        .quick()
                        .removeContainerCmd(containerId)
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec()),
        null);
  }

  @Override
  public String logTail(String containerId, int lines, int maxBytes) {
    var tail = new LogBuffer(maxBytes);
    var collector =
        new ResultCallback.Adapter<Frame>() {
          @Override
          public void onNext(Frame frame) {
            tail.add(frame.getPayload());
          }
        };
    return ask(
        "reading the log of container " + containerId,
        () -> {
          var command = engine.quick().logContainerCmd(containerId);
          var running = command.withStdOut(true).withStdErr(true).withTail(lines).exec(collector);
          awaitAndClose(running, LOGS_WITHIN);
          return tail.text();
        });
  }

  /**
   * One at a time: Docker lets two callers make two networks of one name, and then uses neither.
   */
  @Override
  public synchronized void ensureNetwork(String name, UUID toolboxId) {
    ask(
        "making network " + name,
        () -> {
          var found = networks(name);
          if (found.isEmpty()) {
            var command = engine.quick().createNetworkCmd().withName(name).withDriver("bridge");
            command.withLabels(Map.of(Labels.TOOLBOX, toolboxId.toString())).exec();
          }
          return null;
        });
  }

  @Override
  public void removeNetwork(String name, UUID toolboxId) {
    ask(
        "removing network " + name,
        () -> {
          networks(name).stream()
              .filter(n -> toolboxId.toString().equals(n.getLabels().get(Labels.TOOLBOX)))
              .forEach(n -> engine.quick().removeNetworkCmd(n.getId()).exec());
          return null;
        });
  }

  /** Docker's own filter finds parts of names too. */
  private List<Network> networks(String name) {
    return engine.quick().listNetworksCmd().withNameFilter(name).exec().stream()
        .filter(n -> n.getName().equals(name))
        .toList();
  }

  @Override
  public Instant watch(UUID toolboxId, Instant since, Duration limit, Runnable onChange)
      throws InterruptedException {
    var last = new AtomicReference<>(since);
    var listener =
        new ResultCallback.Adapter<Event>() {
          @Override
          public void onNext(Event event) {
            if (event.getTime() != null) {
              last.accumulateAndGet(
                  Instant.ofEpochSecond(event.getTime()), (a, b) -> a.isAfter(b) ? a : b);
            }
            // What is run inside a container, a health check every few seconds, changes nothing.
            if (event.getAction() == null || !event.getAction().startsWith("exec_")) {
              onChange.run();
            }
          }
        };
    ask(
        "listening to the events of toolbox " + toolboxId,
        () -> {
          var command = engine.patient().eventsCmd().withEventTypeFilter("container");
          command.withLabelFilter(Map.of(Labels.TOOLBOX, toolboxId.toString()));
          command.withSince(Long.toString(since.getEpochSecond()));
          awaitAndClose(command.exec(listener), limit);
          return null;
        });
    if (Thread.interrupted()) {
      throw new InterruptedException("no longer listening to Docker");
    }
    return last.get();
  }

  @Override
  public void close() {
    engine.close();
  }

  private static void awaitAndClose(ResultCallback.Adapter<?> stream, Duration limit) {
    try (stream) {
      stream.awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.io.IOException e) {
      throw new DockerUnavailable("the stream from Docker broke", e);
    }
  }

  private static int seconds(Duration grace) {
    return (int) grace.toSeconds();
  }

  private Void tell(String doing, String containerId, Runnable command) {
    return ask(
        doing + " container " + containerId,
        () -> {
          try {
            command.run();
          } catch (NotModifiedException e) {
            // It was so already.
          }
          return null;
        });
  }
}
