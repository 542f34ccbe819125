package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.simulator.docker.engine.Container.Endpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Making, naming and finding containers. */
final class Containers {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");

  private final Store store;
  private final EventLog events;
  private final Supplier<String> ids;

  Containers(Store store, EventLog events, Supplier<String> ids) {
    this.store = store;
    this.events = events;
    this.ids = ids;
  }

  Container create(String name, ObjectNode body, Instant now) {
    var reference = body.path("Image").asText("");
    if (reference.isEmpty()) {
      throw new EngineRefusal(400, "no image specified");
    }
    var image = store.image(reference);
    var container = new Container();
    container.id = ids.get();
    container.name = freeName(name, container.id);
    container.image = reference;
    container.imageId = image.id();
    container.created = now;
    container.hostConfig = object(body.path("HostConfig"));
    container.config = object(body);
    container.config.remove(List.of("HostConfig", "NetworkingConfig"));
    attach(container, body.path("NetworkingConfig").path("EndpointsConfig"));
    store.containers.add(container);
    events.container(container, "create", now);
    return container;
  }

  private static ObjectNode object(JsonNode node) {
    var copy = JsonNodeFactory.instance.objectNode();
    node.properties().stream()
        .filter(e -> !e.getValue().isNull())
        .forEach(e -> copy.set(e.getKey(), e.getValue().deepCopy()));
    return copy;
  }

  /** The network is looked for at start only, as Docker does it. */
  private void attach(Container container, JsonNode endpoints) {
    var mode = container.networkMode();
    if (!mode.startsWith("container:")) {
      join(container, mode, endpoints.path(mode));
    }
    endpoints.properties().stream()
        .filter(e -> !e.getKey().equals(mode))
        .forEach(e -> join(container, e.getKey(), e.getValue()));
  }

  private void join(Container container, String reference, JsonNode endpoint) {
    var network = store.networks.stream().filter(n -> n.isCalled(reference)).findFirst();
    var aliases = new ArrayList<String>();
    endpoint.path("Aliases").forEach(a -> aliases.add(a.asText()));
    container.networks.put(
        network.map(Network::name).orElse(reference),
        new Endpoint(network.map(Network::id).orElse(""), "", 0, List.copyOf(aliases)));
  }

  private String freeName(String wanted, String id) {
    if (wanted == null || wanted.isEmpty()) {
      return "sim_" + id.substring(0, 12);
    }
    var plain = wanted.startsWith("/") ? wanted.substring(1) : wanted;
    if (!NAME.matcher(plain).matches()) {
      throw new EngineRefusal(
          400,
          "Invalid container name (" + plain + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }
    store.containers.stream()
        .filter(c -> c.name.equals(plain))
        .findFirst()
        .ifPresent(
            c -> {
              throw new EngineRefusal(
                  409,
                  ("Conflict. The container name \"/%s\" is already in use by container \"%s\"."
                          + " You have to remove (or rename) that container to be able to reuse that name.")
                      .formatted(plain, c.id));
            });
    return plain;
  }

  void rename(Container container, String name, Instant now) {
    if (name == null || name.isEmpty()) {
      throw new EngineRefusal(400, "Neither old nor new names may be empty");
    }
    var old = container.name;
    container.name = freeName(name, container.id);
    events.container(container, "rename", now, "oldName", "/" + old);
  }

  List<Container> list(boolean all, Filters filters, int limit) {
    var found =
        store.containers.stream()
            .filter(c -> all || limit > 0 || filters.has("status") || c.isRunningOrRestarting())
            .filter(c -> fits(c, filters))
            .sorted((a, b) -> b.created.compareTo(a.created))
            .toList();
    return limit > 0 && limit < found.size() ? found.subList(0, limit) : found;
  }

  private boolean fits(Container container, Filters filters) {
    return filters.labels(container.labels())
        && filters.any("id", container.id::startsWith)
        && filters.any("name", n -> Pattern.compile(n).matcher("/" + container.name).find())
        && filters.any("status", s -> s.equals(ContainerView.word(container)))
        && filters.any("exited", c -> c.equals(Integer.toString(container.exitCode)))
        && filters.any("network", n -> isIn(container, n))
        && filters.any("ancestor", a -> isMadeOf(container, a));
  }

  private static boolean isIn(Container container, String network) {
    return container.networks.containsKey(network)
        || container.networks.values().stream().anyMatch(e -> e.networkId().equals(network));
  }

  private boolean isMadeOf(Container container, String reference) {
    return store.images.stream()
        .anyMatch(i -> i.isCalled(reference) && i.id().equals(container.imageId));
  }
}
