package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Networks, endpoints and ports as Docker's API shows them. */
final class NetworkView {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private NetworkView() {}

  static ObjectNode settings(Container container) {
    var bridge = container.networks.get("bridge");
    var address = bridge == null ? "" : bridge.address();
    var view = JSON.objectNode();
    view.put("Bridge", "").put("SandboxID", "").put("HairpinMode", false);
    view.set("Ports", portMap(container));
    view.put("EndpointID", "")
        .put("Gateway", address.isEmpty() ? "" : "172.17.0.1")
        .put("IPAddress", address)
        .put("IPPrefixLen", address.isEmpty() ? 0 : 16)
        .put("IPv6Gateway", "")
        .put("GlobalIPv6Address", "")
        .put("GlobalIPv6PrefixLen", 0)
        .put("MacAddress", "");
    view.set("Networks", endpoints(container));
    return view;
  }

  /** Exposed ports that lead nowhere are null; a container that does not run has none. */
  private static ObjectNode portMap(Container container) {
    var view = JSON.objectNode();
    if (!container.isUp()) {
      return view;
    }
    Ports.exposed(container).forEach(view::putNull);
    container.ports.forEach(
        (port, bindings) -> {
          var list = view.putArray(port);
          bindings.forEach(
              b ->
                  list.addObject()
                      .put("HostIp", b.hostIp())
                      .put("HostPort", Integer.toString(b.hostPort())));
        });
    return view;
  }

  static ArrayNode portList(Container container) {
    var list = JSON.arrayNode();
    if (!container.isUp()) {
      return list;
    }
    for (var port : Ports.exposed(container)) {
      var inside = Integer.parseInt(port.substring(0, port.indexOf('/')).replaceFirst("-.*", ""));
      var type = port.substring(port.indexOf('/') + 1);
      var bindings = container.ports.getOrDefault(port, List.of());
      if (bindings.isEmpty()) {
        list.addObject().put("PrivatePort", inside).put("Type", type);
      }
      bindings.forEach(
          b ->
              list.addObject()
                  .put("IP", b.hostIp())
                  .put("PrivatePort", inside)
                  .put("PublicPort", b.hostPort())
                  .put("Type", type));
    }
    return list;
  }

  static ObjectNode endpoints(Container container) {
    var view = JSON.objectNode();
    container.networks.forEach(
        (name, endpoint) -> {
          var present = !endpoint.address().isEmpty();
          var one = view.putObject(name);
          one.putNull("IPAMConfig").putNull("Links");
          var aliases = one.putArray("Aliases");
          endpoint.aliases().forEach(aliases::add);
          one.put("NetworkID", endpoint.networkId())
              .put("EndpointID", present ? container.id : "")
              .put("Gateway", present ? endpoint.address().replaceFirst("\\d+\\.\\d+$", "0.1") : "")
              .put("IPAddress", endpoint.address())
              .put("IPPrefixLen", present ? 16 : 0)
              .put("IPv6Gateway", "")
              .put("GlobalIPv6Address", "")
              .put("GlobalIPv6PrefixLen", 0)
              .put("MacAddress", present ? "02:42:ac:11:00:02" : "")
              .putNull("DriverOpts");
        });
    return view;
  }

  /**
   * @param containers those in the network
   */
  static ObjectNode network(Network network, List<Container> containers) {
    var view = JSON.objectNode();
    view.put("Name", network.name())
        .put("Id", network.id())
        .put("Created", network.created().toString())
        .put("Scope", "local")
        .put("Driver", network.driver())
        .put("EnableIPv6", false);
    var ipam = view.putObject("IPAM").put("Driver", "default").putNull("Options");
    var ranges = ipam.putArray("Config");
    if (network.subnet() > 0) {
      ranges.addObject().put("Subnet", network.cidr()).put("Gateway", network.gateway());
    }
    view.put("Internal", network.internal())
        .put("Attachable", network.attachable())
        .put("Ingress", false);
    view.putObject("ConfigFrom").put("Network", "");
    view.put("ConfigOnly", false);
    var inside = view.putObject("Containers");
    containers.stream()
        .filter(Container::isUp)
        .forEach(
            c ->
                inside
                    .putObject(c.id)
                    .put("Name", c.name)
                    .put("EndpointID", c.id)
                    .put("MacAddress", "02:42:ac:11:00:02")
                    .put("IPv4Address", c.networks.get(network.name()).address() + "/16")
                    .put("IPv6Address", ""));
    var options = view.putObject("Options");
    network.options().forEach(options::put);
    var labels = view.putObject("Labels");
    network.labels().forEach(labels::put);
    return view;
  }
}
