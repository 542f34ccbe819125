package io.agentopia.toolbox.agent.docker;

import io.agentopia.toolbox.agent.tools.ObservedContainer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The Docker engine, as far as the agent needs it. Every call is limited in time, and throws {@link
 * DockerUnavailable} when the engine does not answer, {@link DockerRefusal} when it says no. All
 * calls block and may be made from any platform thread.
 */
public interface DockerGateway extends AutoCloseable {

  /**
   * @param version the engine's, for example {@code 28.2.2}
   * @param store how it keeps images: {@link #CLASSIC_STORE} or {@link #CONTAINERD_STORE}
   * @param runningContainers all on the engine, not only ours
   */
  record EngineFacts(String version, String store, int runningContainers) {
    static final String CLASSIC_STORE = "classic";
    static final String CONTAINERD_STORE = "containerd";
  }

  EngineFacts facts();

  /** Every container with this toolbox's label, in whatever state. */
  List<ObservedContainer> list(UUID toolboxId);

  boolean hasImage(String image);

  /** What else can be done with images; an engine that has none to spare need not tell of them. */
  default ImageShelf images() {
    return ImageShelf.NONE;
  }

  /** Refusal: NOT_FOUND when no such image is to be had, TIMEOUT after {@code limit}. */
  void pull(String image, Duration limit);

  /** Returns the new container's id. Refusal: NOT_FOUND without the image, CONFLICT on the name. */
  String create(ContainerRequest request);

  /** A running container is left alone. */
  void start(String containerId);

  /** Killed after {@code grace}. A container that is stopped or gone is left alone. */
  void stop(String containerId, Duration grace);

  void restart(String containerId, Duration grace);

  void rename(String containerId, String name);

  /** Whatever its state, with its anonymous volumes; one that is gone is left alone. */
  void remove(String containerId);

  /** The last {@code lines} lines of both streams, cut at the front to {@code maxBytes}. */
  String logTail(String containerId, int lines, int maxBytes);

  /** A bridge network of that name, made unless it exists. */
  void ensureNetwork(String name, UUID toolboxId);

  /** One that is gone, or is not this toolbox's, is left alone. */
  void removeNetwork(String name, UUID toolboxId);

  /**
   * Calls {@code onChange} at each event of this toolbox's containers since {@code since}; returns
   * after {@code limit} (a silent stream may be dead) or when the stream ends, with the time of the
   * last event, or {@code since}.
   */
  Instant watch(UUID toolboxId, Instant since, Duration limit, Runnable onChange)
      throws InterruptedException;

  @Override
  void close();
}
