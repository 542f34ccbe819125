package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.simulator.docker.engine.Container.Endpoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Making, joining and leaving networks. */
final class Networks {
  private final Store store;
  private final EventLog events;
  private final Supplier<String> ids;

  Networks(Store store, EventLog events, Supplier<String> ids) {
    this.store = store;
    this.events = events;
    this.ids = ids;
  }

  /** What an engine has from its first start. */
  void addPredefined(Instant now) {
    if (store.networks.isEmpty()) {
      store.networks.add(predefined("bridge", "bridge", 17, now));
      store.networks.add(predefined("host", "host", 0, now));
      store.networks.add(predefined("none", "null", 0, now));
    }
  }

  private Network predefined(String name, String driver, int subnet, Instant now) {
    return new Network(ids.get(), name, driver, Map.of(), Map.of(), false, false, subnet, now);
  }

  Network create(JsonNode body, Instant now) {
    var name = body.path("Name").asText("");
    if (name.isBlank()) {
      throw new EngineRefusal(400, "network name cannot be empty");
    }
    if (store.networks.stream().anyMatch(n -> n.name().equals(name))) {
      throw new EngineRefusal(409, "network with name " + name + " already exists");
    }
    var driver = body.path("Driver").asText("bridge");
    var network =
        new Network(
            ids.get(),
            name,
            driver,
            strings(body.path("Labels")),
            strings(body.path("Options")),
            body.path("Internal").asBoolean(),
            body.path("Attachable").asBoolean(),
            freeSubnet(),
            now);
    store.networks.add(network);
    events.network(network, "create", now);
    return network;
  }

  private static Map<String, String> strings(JsonNode node) {
    var map = new LinkedHashMap<String, String>();
    node.properties().forEach(e -> map.put(e.getKey(), e.getValue().asText()));
    return map;
  }

  /** Docker's default pools hold few networks, too. */
  private int freeSubnet() {
    for (var subnet = 18; subnet < 32; subnet++) {
      var candidate = subnet;
      if (store.networks.stream().noneMatch(n -> n.subnet() == candidate)) {
        return candidate;
      }
    }
    throw new EngineRefusal(
        400,
        "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network");
  }

  void remove(Network network, Instant now) {
    if (network.isPredefined()) {
      throw new EngineRefusal(
          403, network.name() + " is a pre-defined network and cannot be removed");
    }
    if (store.in(network).stream().anyMatch(Container::isUp)) {
      throw new EngineRefusal(
          403,
          "error while removing network: network %s id %s has active endpoints"
              .formatted(network.name(), network.id()));
    }
    store.networks.remove(network);
    events.network(network, "destroy", now);
  }

  void connect(Network network, Container container, JsonNode endpoint, Instant now) {
    if (container.networks.containsKey(network.name())) {
      throw new EngineRefusal(
          403,
          "endpoint with name %s already exists in network %s"
              .formatted(container.name, network.name()));
    }
    var aliases = new ArrayList<String>();
    endpoint.path("Aliases").forEach(a -> aliases.add(a.asText()));
    container.networks.put(network.name(), new Endpoint(network.id(), "", 0, List.copyOf(aliases)));
    events.network(network, "connect", now, "container", container.id);
  }

  void disconnect(Network network, Container container, Instant now) {
    if (container.networks.remove(network.name()) == null) {
      throw new EngineRefusal(
          403,
          "container %s is not connected to network %s".formatted(container.id, network.name()));
    }
    events.network(network, "disconnect", now, "container", container.id);
  }

  List<Network> list(Filters filters) {
    return store.networks.stream()
        .filter(n -> filters.any("name", n.name()::contains))
        .filter(n -> filters.any("id", n.id()::startsWith))
        .filter(n -> filters.any("driver", n.driver()::equals))
        .filter(n -> filters.any("type", t -> t.equals("builtin") == n.isPredefined()))
        .filter(n -> filters.labels(n.labels()))
        .toList();
  }
}
