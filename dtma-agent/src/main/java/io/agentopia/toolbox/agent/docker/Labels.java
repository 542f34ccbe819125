package io.agentopia.toolbox.agent.docker;

import java.util.LinkedHashMap;
import java.util.Map;

/** The labels by which the agent knows its containers. */
public final class Labels {
  public static final String TOOLBOX = "io.agentopia.toolbox";
  public static final String TOOL_INSTANCE = "io.agentopia.tool-instance";
  public static final String TOOL = "io.agentopia.tool";
  public static final String REVISION = "io.agentopia.revision";
  public static final String RESTARTS = "io.agentopia.restarts";
  public static final String SPEC = "io.agentopia.spec";

  private Labels() {}

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
