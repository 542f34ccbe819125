package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.simulator.store.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A Docker engine that runs nothing: it keeps images, containers and networks, and lets time pass
 * for them as Docker would. Time and ids come from outside. One lock: this object's.
 */
public final class Engine {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectMapper FORM =
      Json.MAPPER.copy().setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);

  private final Store store;
  private final EngineProfile profile;
  private final EventLog events = new EventLog();
  private final Waiters waiters = new Waiters();
  private final ContainerLifecycles lives;
  private final Containers containers;
  private final Networks networks;
  private final Images images;
  private boolean changed;

  private Engine(Store store, EngineProfile profile, Supplier<String> ids) {
    this.store = store;
    this.profile = profile;
    this.lives = new ContainerLifecycles(store, events, waiters);
    this.containers = new Containers(store, events, ids);
    this.networks = new Networks(store, events, ids);
    this.images = new Images(store, events);
  }

  /**
   * @param snapshot what {@link #snapshot()} gave, or null for a fresh disk
   * @param ids 64 hexadecimal digits each
   */
  public static Engine on(
      byte[] snapshot, EngineProfile profile, Supplier<String> ids, Instant now) {
    try {
      var store = snapshot == null ? new Store() : FORM.readValue(snapshot, Store.class);
      var engine = new Engine(store, profile, ids);
      engine.networks.addPredefined(now);
      return engine;
    } catch (IOException e) {
      throw new IllegalStateException("the engine's file cannot be read; remove it to go on", e);
    }
  }

  public synchronized byte[] snapshot() {
    try {
      changed = false;
      return FORM.writeValueAsBytes(store);
    } catch (IOException e) {
      throw new IllegalStateException("no JSON form for the engine", e);
    }
  }

  /** Whether there is something to write down. */
  public synchronized boolean isChanged() {
    return changed;
  }

  public synchronized void tick(Instant now) {
    changed |= lives.tick(now);
  }

  public synchronized void powerOff(Instant now) {
    lives.powerOff(now);
    changed = true;
  }

  public synchronized void powerOn(Instant now) {
    lives.powerOn(now);
    changed = true;
  }

  // Images

  public synchronized boolean hasImage(ImageName name, String digest) {
    return images.has(name, digest);
  }

  public synchronized void addImage(ImageName name, String digest, Instant now) {
    images.add(name, digest, now);
    changed = true;
  }

  public static String digest(ImageName name) {
    return Images.digest(name);
  }

  public synchronized ArrayNode images(Filters filters) {
    return images.list(filters);
  }

  public synchronized ObjectNode image(String reference) {
    return images.inspected(reference);
  }

  public synchronized ArrayNode removeImage(String reference, boolean force, Instant now) {
    changed = true;
    return images.remove(reference, force, now);
  }

  // Containers

  public synchronized ObjectNode create(String name, ObjectNode body, Instant now) {
    var container = containers.create(name, body, now);
    changed = true;
    var answer = JSON.objectNode().put("Id", container.id);
    answer.putArray("Warnings");
    return answer;
  }

  public synchronized ArrayNode list(boolean all, Filters filters, int limit, Instant now) {
    var list = JSON.arrayNode();
    containers.list(all, filters, limit).forEach(c -> list.add(ContainerView.listed(c, now)));
    return list;
  }

  public synchronized ObjectNode inspect(String reference) {
    return ContainerView.inspected(store.container(reference));
  }

  /**
   * @return false when it ran already
   */
  public synchronized boolean start(String reference, Instant now) {
    var container = store.container(reference);
    if (container.isRunningOrRestarting()) {
      return false;
    }
    changed = true;
    container.failuresInRow = 0;
    lives.start(container, now);
    return true;
  }

  /**
   * @return completed when the container has stopped; null when it did not run
   */
  public synchronized CompletableFuture<Integer> stop(
      String reference, Duration patience, Instant now) {
    var container = store.container(reference);
    if (!container.isRunningOrRestarting()) {
      return null;
    }
    changed = true;
    var stopped = waiters.add(container.id);
    lives.stop(container, patience, now);
    return stopped;
  }

  /** Starts it when it has stopped; a container that does not run is just started. */
  public CompletableFuture<Void> restart(
      String reference, Duration patience, Supplier<Instant> clock) {
    var stopped = stop(reference, patience, clock.get());
    return stopped == null
        ? CompletableFuture.runAsync(() -> restarted(reference, clock.get()), Runnable::run)
        : stopped.thenAccept(code -> restarted(reference, clock.get()));
  }

  private synchronized void restarted(String reference, Instant now) {
    start(reference, now);
    events.container(store.container(reference), "restart", now);
  }

  public synchronized void remove(String reference, boolean force, Instant now) {
    var container = store.container(reference);
    if (container.isRunningOrRestarting() && !force) {
      throw new EngineRefusal(
          409,
          "You cannot remove a %s container %s. Stop the container before attempting removal or force remove"
              .formatted(ContainerView.word(container), container.id));
    }
    changed = true;
    lives.remove(container, now);
  }

  public synchronized void rename(String reference, String name, Instant now) {
    containers.rename(store.container(reference), name, now);
    changed = true;
  }

  /** Tells when the container stops for good; for those who follow its log. */
  public synchronized boolean isRunning(String reference) {
    return store.container(reference).isRunningOrRestarting();
  }

  public record Line(Instant at, boolean stderr, String text) {}

  public synchronized List<Line> log(String reference, Instant now) {
    return store.container(reference).log.stream()
        .filter(l -> !l.at().isAfter(now))
        .map(l -> new Line(l.at(), l.stderr(), l.text()))
        .toList();
  }

  public synchronized boolean hasTty(String reference) {
    return store.container(reference).hasTty();
  }

  public synchronized ObjectNode stats(String reference, Instant now) {
    return Stats.of(store.container(reference), profile, now);
  }

  // Networks

  public synchronized ObjectNode createNetwork(JsonNode body, Instant now) {
    changed = true;
    return JSON.objectNode().put("Id", networks.create(body, now).id()).put("Warning", "");
  }

  public synchronized ArrayNode networks(Filters filters) {
    var list = JSON.arrayNode();
    networks.list(filters).forEach(n -> list.add(NetworkView.network(n, List.of())));
    return list;
  }

  public synchronized ObjectNode network(String reference) {
    var network = store.network(reference);
    return NetworkView.network(network, store.in(network));
  }

  public synchronized void removeNetwork(String reference, Instant now) {
    networks.remove(store.network(reference), now);
    changed = true;
  }

  public synchronized void connect(String reference, JsonNode body, Instant now) {
    var container = store.container(body.path("Container").asText());
    networks.connect(store.network(reference), container, body.path("EndpointConfig"), now);
    if (container.isUp()) {
      lives.readdress(container);
    }
    changed = true;
  }

  public synchronized void disconnect(String reference, JsonNode body, Instant now) {
    var container = store.container(body.path("Container").asText());
    networks.disconnect(store.network(reference), container, now);
    changed = true;
  }

  // The engine itself

  public synchronized ObjectNode info(Instant now) {
    return EngineView.info(store, profile, now);
  }

  public synchronized List<EngineEvent> eventsSince(Instant from) {
    return events.since(from);
  }

  /**
   * @param listener called under the engine's lock: it only passes the event on
   * @return ends the listening
   */
  public Runnable listen(Consumer<EngineEvent> listener) {
    return events.listen(listener);
  }
}
