package io.agentopia.toolbox.simulator.account;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * A cloud firewall. The simulator keeps it and shows it; it filters nothing.
 *
 * @param inboundRules as sent, checked for form
 */
public record Firewall(
    String id,
    String name,
    Instant createdAt,
    List<Long> dropletIds,
    List<String> tags,
    List<JsonNode> inboundRules,
    List<JsonNode> outboundRules) {

  public Firewall withTags(List<String> names) {
    return new Firewall(id, name, createdAt, dropletIds, names, inboundRules, outboundRules);
  }

  public Firewall withRules(List<JsonNode> inbound, List<JsonNode> outbound) {
    return new Firewall(id, name, createdAt, dropletIds, tags, inbound, outbound);
  }
}
