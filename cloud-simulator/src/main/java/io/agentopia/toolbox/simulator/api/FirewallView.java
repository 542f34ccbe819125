package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.agentopia.toolbox.simulator.account.Firewall;
import java.util.List;

@JsonNaming(SnakeCaseStrategy.class)
record FirewallView(
    String id,
    String name,
    String status,
    List<JsonNode> inboundRules,
    List<JsonNode> outboundRules,
    String createdAt,
    List<Long> dropletIds,
    List<String> tags,
    List<Object> pendingChanges) {

  static FirewallView of(Firewall firewall) {
    return new FirewallView(
        firewall.id(),
        firewall.name(),
        "succeeded",
        firewall.inboundRules(),
        firewall.outboundRules(),
        Times.of(firewall.createdAt()),
        firewall.dropletIds(),
        firewall.tags(),
        List.of());
  }
}
