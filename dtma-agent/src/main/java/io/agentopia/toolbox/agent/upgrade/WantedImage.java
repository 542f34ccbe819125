package io.agentopia.toolbox.agent.upgrade;

import java.util.List;

/**
 * The image that the agent shall run from, as a heartbeat's answer has it.
 *
 * @param version what people call it
 * @param references to the same image in several registries, in the order to try
 */
public record WantedImage(String version, List<String> references) {
  public WantedImage {
    references = references == null ? List.of() : references.stream().map(String::valueOf).toList();
  }
}
