package io.agentopia.toolbox.events;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/**
 * How far a droplet has come on its way to a healthy agent, on {@link Topics#TOOLBOX_BOOT}: written
 * by the provisioner only, with a sequence of its own. For people who watch: no status, which
 * {@link ToolboxLifecycle} tells.
 */
public sealed interface ToolboxBoot extends Event {

  /**
   * The droplet came one stage further, or failed in one. On {@link Topics#TOOLBOX_LIFECYCLE} there
   * may still be such events of earlier provisioners, numbered by that topic's sequence.
   *
   * @param detail more words, or null
   * @param logTail the end of the droplet's boot log when it failed, or null
   */
  record BootProgressed(
      @JsonUnwrapped Subject subject,
      BootStage stage,
      @Nullable String detail,
      @Nullable String logTail)
      implements ToolboxBoot {
    public BootProgressed {
      Required.value("stage", stage);
    }

    public BootProgressed(Subject subject, BootStage stage, String detail) {
      this(subject, stage, detail, null);
    }
  }
}
