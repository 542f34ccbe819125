package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is to become of an event that came in. */
public sealed interface Decision {

  /**
   * @param tools those that changed or are new
   * @param events to be published, in order
   * @param manifest to be published too, where it reads differently now
   * @param unchanged why tools stay as they are, for the log
   */
  record Decided(
      Toolbox toolbox,
      List<ToolInstance> tools,
      List<ToolLifecycle> events,
      Optional<ToolboxManifestChanged> manifest,
      List<String> unchanged)
      implements Decision {
    /** The manifest first: agents wait for it. */
    public List<Event> published() {
      return Stream.<Event>concat(manifest.stream(), events.stream()).toList();
    }

    /** It says all that was there already. */
    public boolean changesNothing(Toolbox before) {
      return toolbox.equals(before) && tools.isEmpty() && manifest.isEmpty();
    }
  }

  /** Nothing changes at all. */
  record Ignored(String reason) implements Decision {}

  /**
   * The event cannot be acted on.
   *
   * @param forGood no later attempt can do better
   * @param code stable, for programs
   * @param message what was attempted, on which id, what was found, what to do next
   */
  record Refused(boolean forGood, String code, String message) implements Decision {}
}
