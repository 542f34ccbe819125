package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.ToolFact;
import java.util.List;

/** What an event about a toolbox means here. */
public sealed interface Learning {

  /**
   * @param forEveryTool facts for each of the toolbox's tools, in this order
   */
  record Learned(Toolbox toolbox, List<ToolFact> forEveryTool) implements Learning {}

  /** Late, repeated or out of order. */
  record Stale(String reason) implements Learning {}
}
