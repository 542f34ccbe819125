package io.agentopia.toolbox.simulator.light;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a light agent keeps on its droplet's disk, as the real one does in {@code agent.json}.
 *
 * @param nonce of its join
 * @param toolboxId null before the join
 * @param inboundKeys all that it accepts; the first proves it
 * @param manifestGeneration the highest seen
 */
record LightState(
    String nonce,
    String toolboxId,
    String accountId,
    long generation,
    String token,
    List<String> inboundKeys,
    long heartbeatSeconds,
    long manifestGeneration,
    List<LightTool> tools) {

  private static final long USUAL_SECONDS = 10;

  static LightState fresh(String nonce) {
    return new LightState(nonce, null, null, 0, null, List.of(), USUAL_SECONDS, 0, List.of());
  }

  boolean isJoined() {
    return toolboxId != null;
  }

  LightState joined(JsonNode answer) {
    return new LightState(
            nonce,
            answer.path("toolboxId").asText(),
            answer.path("accountId").asText(),
            answer.path("generation").asLong(),
            token,
            inboundKeys,
            heartbeatSeconds,
            0,
            List.of())
        .told(answer);
  }

  /** After an answer to a join, a heartbeat or a renewal: each may bring token, keys and pace. */
  LightState told(JsonNode answer) {
    return new LightState(
        nonce,
        toolboxId,
        accountId,
        generation,
        answer.path("agentToken").asText(token),
        answer.has("inboundKeys") ? keys(answer.path("inboundKeys")) : inboundKeys,
        answer.path("heartbeatSeconds").asLong() > 0
            ? answer.path("heartbeatSeconds").asLong()
            : heartbeatSeconds,
        manifestGeneration,
        tools);
  }

  private static List<String> keys(JsonNode answer) {
    var keys = new ArrayList<String>();
    answer.forEach(key -> keys.add(key.path("key").asText()));
    return List.copyOf(keys);
  }

  LightState with(long manifest, List<LightTool> carriedOut) {
    return new LightState(
        nonce,
        toolboxId,
        accountId,
        generation,
        token,
        inboundKeys,
        heartbeatSeconds,
        manifest,
        carriedOut);
  }

  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "LightState[toolbox=" + toolboxId + ", generation=" + generation + "]";
  }
}
