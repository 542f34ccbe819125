package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The form of firewall rules; ports are strings. */
final class FirewallRules {
  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "icmp");
  private static final Pattern PORTS = Pattern.compile("0|all|\\d{1,5}(-\\d{1,5})?");

  private FirewallRules() {}

  static List<JsonNode> inbound(RequestBody body) {
    return body.nodes("inbound_rules").stream().map(r -> checked(r, "sources")).toList();
  }

  static List<JsonNode> outbound(RequestBody body) {
    return body.nodes("outbound_rules").stream().map(r -> checked(r, "destinations")).toList();
  }

  private static JsonNode checked(JsonNode rule, String target) {
    var protocol = rule.path("protocol").asText();
    if (!PROTOCOLS.contains(protocol)) {
      throw ApiError.badRequest("invalid protocol: " + protocol + "; use tcp, udp or icmp");
    }
    if (!rule.path(target).isObject()) {
      throw ApiError.badRequest("missing field: " + target);
    }
    var ports = protocol.equals("icmp") ? "0" : rule.path("ports").asText();
    if (!PORTS.matcher(ports).matches()) {
      throw ApiError.badRequest("invalid ports: '" + ports + "'");
    }
    var copy = ((ObjectNode) rule).deepCopy();
    // As DigitalOcean shows it: all ports are port 0.
    return copy.put("ports", ports.equals("all") ? "0" : ports);
  }
}
