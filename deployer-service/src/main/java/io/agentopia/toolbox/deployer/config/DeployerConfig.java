package io.agentopia.toolbox.deployer.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Settings of the deployer service. */
@ConfigMapping(prefix = "deployer")
public interface DeployerConfig {
  /**
   * How long a tool waits for its toolbox to be healthy before it counts as failed
   * (toolbox_not_ready). It is still deployed if the toolbox gets healthy later.
   */
  @WithDefault("30M")
  @DurationMin(seconds = 1)
  Duration toolboxReadyDeadline();

  /**
   * How long a tool may take from the manifest's change to the agent's report that it runs, pulling
   * its image included, before it counts as failed (deploy_timeout).
   */
  @WithDefault("5M")
  @DurationMin(seconds = 1)
  Duration deployDeadline();

  /** How long a restart may take before the tool counts as failed (restart_timeout). */
  @WithDefault("5M")
  @DurationMin(seconds = 1)
  Duration restartDeadline();

  /** How long a stop may take before it is told to be late. */
  @WithDefault("2M")
  @DurationMin(seconds = 1)
  Duration stopDeadline();

  /** How long a removal may take before it is told to be late. */
  @WithDefault("5M")
  @DurationMin(seconds = 1)
  Duration removalDeadline();

  /**
   * How long after the deployer first heard of a toolbox a start, stop, restart or removal of a
   * tool instance it does not know is tried again, because the deployment it speaks of may be under
   * way. After that it becomes a dead letter at once.
   */
  @WithDefault("15M")
  @DurationMin
  Duration arrivalGrace();

  /** How often passed deadlines and untold manifests are looked for; 1 s at the least. */
  @WithDefault("1S")
  @DurationMin(seconds = 1)
  Duration sweepInterval();

  /** How long a removed tool is kept. */
  @WithDefault("720H")
  @DurationMin(hours = 1)
  Duration removedToolRetention();

  /** How long a deleted toolbox is kept; later than any letter about it can be replayed. */
  @WithDefault("2160H")
  @DurationMin(hours = 1)
  Duration deletedToolboxRetention();
}
