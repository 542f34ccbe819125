package io.agentopia.toolbox.events;

import java.util.UUID;

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
      UUID toolboxId,
      String accountId,
      long generation,
      long sequence,
      BootStage stage,
      String detail,
      String logTail)
      implements ToolboxBoot {
    public BootProgressed {
      Required.base(toolboxId, accountId, generation, sequence);
      Required.value("stage", stage);
    }

    public BootProgressed(
        UUID toolboxId,
        String accountId,
        long generation,
        long sequence,
        BootStage stage,
        String detail) {
      this(toolboxId, accountId, generation, sequence, stage, detail, null);
    }
  }
}
