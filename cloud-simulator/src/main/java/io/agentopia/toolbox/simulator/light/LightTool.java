package io.agentopia.toolbox.simulator.light;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A tool of a light agent, as its report has it; there is no container behind it. Pure.
 *
 * @param status {@code running} or {@code stopped}
 */
record LightTool(
    String toolInstanceId,
    String name,
    String status,
    String image,
    String containerId,
    Instant startedAt,
    long revision,
    long restarts,
    List<Map<String, Object>> ports) {

  private static final int FIRST_HOST_PORT = 32768;

  /** What is there after a manifest was carried out. */
  static List<LightTool> carryOut(
      JsonNode manifest, List<LightTool> before, Instant now, Supplier<String> containerIds) {
    var after = new ArrayList<LightTool>();
    for (var wanted : manifest.path("tools")) {
      var id = wanted.path("toolInstanceId").asText();
      var old = before.stream().filter(t -> t.toolInstanceId().equals(id)).findFirst();
      after.add(of(wanted, old.orElse(null), now, containerIds));
    }
    return List.copyOf(after);
  }

  private static LightTool of(
      JsonNode wanted, LightTool old, Instant now, Supplier<String> containerIds) {
    var status = wanted.path("desired").asText("running");
    var revision = wanted.path("revision").asLong();
    var restarts = wanted.path("restarts").asLong();
    var isSame = old != null && old.revision == revision;
    var ranOn = isSame && old.restarts == restarts && old.status.equals(status);
    return new LightTool(
        wanted.path("toolInstanceId").asText(),
        wanted.path("name").asText(),
        status,
        wanted.path("image").asText(),
        isSame ? old.containerId : containerIds.get(),
        ranOn ? old.startedAt : now,
        revision,
        restarts,
        ports(wanted));
  }

  private static List<Map<String, Object>> ports(JsonNode wanted) {
    var ports = new ArrayList<Map<String, Object>>();
    for (var port : wanted.path("ports")) {
      var bound = new LinkedHashMap<String, Object>();
      bound.put("containerPort", port.path("containerPort").asInt());
      bound.put("hostPort", port.path("hostPort").asInt(FIRST_HOST_PORT + ports.size()));
      bound.put("protocol", port.path("protocol").asText("tcp"));
      ports.add(bound);
    }
    return List.copyOf(ports);
  }
}
