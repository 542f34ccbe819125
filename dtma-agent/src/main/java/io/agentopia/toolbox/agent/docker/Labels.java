package io.agentopia.toolbox.agent.docker;

import io.agentopia.toolbox.agent.tools.ObservedContainer.Origin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The labels by which the agent knows its containers. */
public final class Labels {
  public static final String TOOLBOX = "io.agentopia.toolbox";
  public static final String TOOL_INSTANCE = "io.agentopia.tool-instance";
  public static final String TOOL = "io.agentopia.tool";
  public static final String REVISION = "io.agentopia.revision";
  public static final String RESTARTS = "io.agentopia.restarts";
  public static final String SPEC = "io.agentopia.spec";

  private Labels() {}

  static Map<String, String> of(Origin origin) {
    return Map.of(
        TOOL_INSTANCE, origin.toolInstanceId().toString(),
        TOOL, origin.toolName(),
        REVISION, Long.toString(origin.revision()),
        RESTARTS, Long.toString(origin.restarts()),
        SPEC, origin.spec());
  }

  /** What is missing or unreadable is null or 0. */
  static Origin origin(Map<String, String> labels) {
    return new Origin(
        uuid(labels.get(TOOL_INSTANCE)),
        labels.get(TOOL),
        number(labels.get(REVISION)),
        number(labels.get(RESTARTS)),
        labels.get(SPEC));
  }

  private static UUID uuid(String text) {
    try {
      return text == null ? null : UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static long number(String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /**
   * Reads {@code key=value,key=value}.
   *
   * @throws IllegalArgumentException an entry has no key or no {@code =}
   */
  public static Map<String, String> parse(String text) {
    var labels = new LinkedHashMap<String, String>();
    for (var entry : text.split(",")) {
      if (entry.isBlank()) {
        continue;
      }
      var at = entry.indexOf('=');
      if (at < 1) {
        throw new IllegalArgumentException(
            "DTMA_EXTRA_LABELS holds '" + entry.strip() + "', which is not key=value; correct it");
      }
      labels.put(entry.substring(0, at).strip(), entry.substring(at + 1).strip());
    }
    return labels;
  }
}
