package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.simulator.docker.engine.Container.Binding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Which ports of the droplet lead into a container. */
final class Ports {
  private static final int FIRST_FREE = 32768;
  private static final int LAST_FREE = 60999;
  private static final String ANYWHERE = "0.0.0.0";

  private Ports() {}

  /**
   * @throws EngineRefusal when a port is taken; the container then stays as it was
   */
  static Map<String, List<Binding>> publish(Container container, List<Container> others) {
    var taken = new ArrayList<Map.Entry<String, Binding>>();
    others.stream()
        .filter(c -> c != container && c.isUp())
        .forEach(
            c ->
                c.ports.forEach(
                    (port, all) -> all.forEach(b -> taken.add(Map.entry(protocol(port), b)))));
    var published = new LinkedHashMap<String, List<Binding>>();
    for (var wish : wishes(container).entrySet()) {
      var bindings = new ArrayList<Binding>();
      for (var binding : wish.getValue()) {
        var bound = bind(container, protocol(wish.getKey()), binding, taken);
        taken.add(Map.entry(protocol(wish.getKey()), bound));
        bindings.add(bound);
      }
      published.put(wish.getKey(), bindings);
    }
    return published;
  }

  private static Binding bind(
      Container container, String protocol, Binding wish, List<Map.Entry<String, Binding>> taken) {
    if (wish.hostPort() > 0) {
      if (isTaken(protocol, wish, taken)) {
        throw new EngineRefusal(
            500,
            "driver failed programming external connectivity on endpoint %s (%s): Bind for %s:%d failed: port is already allocated"
                .formatted(container.name, container.id, wish.hostIp(), wish.hostPort()));
      }
      return wish;
    }
    for (var port = FIRST_FREE; port <= LAST_FREE; port++) {
      var candidate = new Binding(wish.hostIp(), port);
      if (!isTaken(protocol, candidate, taken)) {
        return candidate;
      }
    }
    throw new EngineRefusal(500, "all ports are allocated");
  }

  private static boolean isTaken(
      String protocol, Binding wish, List<Map.Entry<String, Binding>> taken) {
    return taken.stream()
        .anyMatch(
            t ->
                t.getKey().equals(protocol)
                    && t.getValue().hostPort() == wish.hostPort()
                    && overlap(t.getValue().hostIp(), wish.hostIp()));
  }

  private static boolean overlap(String a, String b) {
    return a.equals(b) || a.equals(ANYWHERE) || b.equals(ANYWHERE);
  }

  private static Map<String, List<Binding>> wishes(Container container) {
    var wishes = new LinkedHashMap<String, List<Binding>>();
    container
        .hostConfig
        .path("PortBindings")
        .properties()
        .forEach(e -> wishes.put(withProtocol(e.getKey()), bindings(e.getValue())));
    if (container.hostConfig.path("PublishAllPorts").asBoolean()) {
      exposed(container).forEach(p -> wishes.putIfAbsent(p, List.of(new Binding(ANYWHERE, 0))));
    }
    return wishes;
  }

  private static List<Binding> bindings(JsonNode node) {
    var bindings = new ArrayList<Binding>();
    for (var binding : node) {
      var ip = binding.path("HostIp").asText("");
      var port = binding.path("HostPort").asText("");
      bindings.add(new Binding(ip.isEmpty() || ip.equals("null") ? ANYWHERE : ip, number(port)));
    }
    return bindings.isEmpty() ? List.of(new Binding(ANYWHERE, 0)) : bindings;
  }

  private static int number(String port) {
    return port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
  }

  /** Ports that the container names, published or not. */
  static LinkedHashSet<String> exposed(Container container) {
    var names = new LinkedHashSet<String>();
    container
        .config
        .path("ExposedPorts")
        .fieldNames()
        .forEachRemaining(n -> names.add(withProtocol(n)));
    container
        .hostConfig
        .path("PortBindings")
        .fieldNames()
        .forEachRemaining(n -> names.add(withProtocol(n)));
    return names;
  }

  private static String withProtocol(String port) {
    return port.contains("/") ? port : port + "/tcp";
  }

  private static String protocol(String port) {
    return port.substring(port.indexOf('/') + 1);
  }
}
