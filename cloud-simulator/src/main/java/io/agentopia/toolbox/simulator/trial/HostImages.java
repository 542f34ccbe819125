package io.agentopia.toolbox.simulator.trial;

import java.time.Instant;

/**
 * What a droplet's script keeps, where its agent cannot write.
 *
 * @param proven the image that the agent runs from unless another is tried
 * @param trial null when none is
 */
public record HostImages(String proven, Trial trial) {

  /**
   * Another image of the agent is being tried.
   *
   * @param starts how often the agent was started from it
   * @param since when that began; anew after a reboot
   * @param exitCode of its last end; null when not known
   */
  public record Trial(String image, int starts, Instant since, Integer exitCode) {
    Trial started() {
      return new Trial(image, starts + 1, since, exitCode);
    }
  }

  public static HostImages proven(String image) {
    return new HostImages(image, null);
  }

  public String toRun() {
    return trial == null ? proven : trial.image();
  }

  public boolean isOnTrial() {
    return trial != null;
  }

  /** The agent ended; of the proven image nobody counts that. */
  public HostImages ended(Integer exitCode) {
    return trial == null
        ? this
        : new HostImages(proven, new Trial(trial.image(), trial.starts(), trial.since(), exitCode));
  }

  /** The agent on trial gets its time anew; its starts still count. */
  public HostImages rebooted(Instant now) {
    return trial == null
        ? this
        : new HostImages(proven, new Trial(trial.image(), trial.starts(), now, trial.exitCode()));
  }
}
