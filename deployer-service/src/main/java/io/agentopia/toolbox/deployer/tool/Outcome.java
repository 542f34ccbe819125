package io.agentopia.toolbox.deployer.tool;

import java.util.Optional;

/** What a fact does to a tool instance. */
public sealed interface Outcome {

  /**
   * @param manifestChanged the toolbox's manifest reads differently now, so its generation rises
   */
  record Changed(ToolInstance next, Optional<EventDraft> draft, boolean manifestChanged)
      implements Outcome {}

  /**
   * @param reason why nothing is to be done, for the log
   */
  record Unchanged(String reason) implements Outcome {}

  static Outcome unchanged(String reason) {
    return new Unchanged(reason);
  }

  /** A change the manifest does not show. */
  static Changed to(ToolInstance next, EventDraft draft) {
    return new Changed(next, Optional.of(draft), false);
  }

  static Changed quietlyTo(ToolInstance next) {
    return new Changed(next, Optional.empty(), false);
  }

  /** A change of the manifest too. */
  static Changed withManifest(ToolInstance next, EventDraft draft) {
    return new Changed(next, Optional.of(draft), true);
  }
}
