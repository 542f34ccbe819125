package io.agentopia.toolbox.simulator.docker.engine;

import java.util.ArrayList;
import java.util.List;

/** Everything of an engine that lies on the droplet's disk. */
final class Store {
  List<Image> images = new ArrayList<>();
  List<Container> containers = new ArrayList<>();
  List<Network> networks = new ArrayList<>();

  Container container(String reference) {
    return containers.stream()
        .filter(c -> c.isCalled(reference))
        .findFirst()
        .orElseGet(() -> byPrefix(reference));
  }

  private Container byPrefix(String reference) {
    var found = containers.stream().filter(c -> c.id.startsWith(reference)).toList();
    if (reference.isEmpty() || found.isEmpty()) {
      throw EngineRefusal.noContainer(reference);
    }
    if (found.size() > 1) {
      throw new EngineRefusal(400, "multiple IDs found with provided prefix: " + reference);
    }
    return found.getFirst();
  }

  Image image(String reference) {
    return images.stream()
        .filter(i -> i.isCalled(reference))
        .findFirst()
        .orElseThrow(() -> EngineRefusal.noImage(reference));
  }

  Network network(String reference) {
    return networks.stream()
        .filter(n -> n.isCalled(reference))
        .findFirst()
        .orElseThrow(() -> EngineRefusal.noNetwork(reference));
  }

  List<Container> in(Network network) {
    return containers.stream().filter(c -> c.networks.containsKey(network.name())).toList();
  }
}
