package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.ToolLifecycle;
import java.util.List;

/** What is to become of an event that came in. */
public sealed interface Verdict {

  /**
   * @param tools those that changed or are new
   * @param events to be published, in order
   * @param unchanged why tools stay as they are, for the log
   */
  record Decided(
      Toolbox toolbox, List<ToolInstance> tools, List<ToolLifecycle> events, List<String> unchanged)
      implements Verdict {}

  /** Nothing changes at all. */
  record Ignored(String reason) implements Verdict {}

  /**
   * The event cannot be acted on.
   *
   * @param forGood no later attempt can do better
   * @param code stable, for programs
   * @param message what was attempted, on which id, what was found, what to do next
   */
  record Refused(boolean forGood, String code, String message) implements Verdict {}
}
