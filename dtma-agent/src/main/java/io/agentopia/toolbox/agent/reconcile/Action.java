package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.WantedTool;

/** One step towards the manifest. At most one per tool and pass: the next pass plans the next. */
public sealed interface Action {

  /** Only one action runs per key at a time. */
  String key();

  sealed interface OnTool extends Action {
    WantedTool tool();

    @Override
    default String key() {
      return tool().toolInstanceId().toString();
    }
  }

  record Pull(WantedTool tool) implements OnTool {}

  record Create(WantedTool tool) implements OnTool {}

  record Start(WantedTool tool, ObservedContainer container) implements OnTool {}

  record Stop(WantedTool tool, ObservedContainer container) implements OnTool {}

  record Restart(WantedTool tool, ObservedContainer container) implements OnTool {}

  record Replace(WantedTool tool, ObservedContainer old) implements OnTool {}

  record Rename(WantedTool tool, ObservedContainer container) implements OnTool {}

  /** The entry cannot become a container, whatever is tried. */
  record Refuse(WantedTool tool, String why) implements OnTool {}

  record Nothing(WantedTool tool, String why) implements OnTool {}

  /** Not wanted: its tool left the manifest, or it is a second container of a tool. */
  record Remove(ObservedContainer container, String why) implements Action {
    @Override
    public String key() {
      return container.key();
    }
  }
}
