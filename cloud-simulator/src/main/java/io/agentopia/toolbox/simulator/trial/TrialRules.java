package io.agentopia.toolbox.simulator.trial;

import io.agentopia.toolbox.simulator.trial.HostImages.Trial;
import java.time.Duration;
import java.time.Instant;

/**
 * The script {@code trial} of the droplet's user-data, once more: which image the agent is started
 * from, and when another one is given up. Who changes one changes the other.
 *
 * @param mostStarts of an image that is not confirmed
 * @param limit in which it has to be confirmed
 */
public record TrialRules(int mostStarts, Duration limit) {

  /**
   * What the agent left in its directory; null where that is nothing, or no reference by digest.
   *
   * @param next the image it shall move to
   * @param confirmed the image whose agent is sound
   */
  public record Said(String next, String confirmed) {
    public Said {
      next = Reference.isByDigest(next) ? next : null;
      confirmed = Reference.isByDigest(confirmed) ? confirmed : null;
    }
  }

  public record GivenUp(String image, String reason) {}

  /**
   * @param after what is to be kept
   * @param begun a trial has begun: what was said before does not count for it
   * @param givenUp null unless the trial has ended so
   */
  public record Step(HostImages after, boolean begun, GivenUp givenUp) {}

  /** At each start of the agent, which then is started from {@code after.toRun()}. */
  public Step start(HostImages images, Said said, Instant now) {
    var judged = judge(images, said, now, true);
    var settled = judged.after();
    // Who wished for another image and is given up, is given up with the wish.
    var next = judged.givenUp() == null ? said.next() : null;
    if (!settled.isOnTrial() && next != null && !Reference.areSame(next, settled.proven())) {
      var trial = new Trial(next, 1, now, null);
      return new Step(new HostImages(settled.proven(), trial), true, null);
    }
    return settled.isOnTrial()
        ? new Step(new HostImages(settled.proven(), settled.trial().started()), false, null)
        : judged;
  }

  /** Every few seconds; the agent is started anew if the image it runs from is given up. */
  public Step watch(HostImages images, Said said, Instant now) {
    return judge(images, said, now, false);
  }

  private Step judge(HostImages images, Said said, Instant now, boolean starting) {
    var trial = images.trial();
    if (trial == null) {
      return new Step(images, false, null);
    }
    if (trial.image().equals(said.confirmed())) {
      return new Step(HostImages.proven(trial.image()), false, null);
    }
    if (!now.isBefore(trial.since().plus(limit))) {
      return giveUp(
          images, "the agent of this image was not confirmed within " + limit.toSeconds() + " s");
    }
    if (starting && trial.starts() >= mostStarts) {
      var code = trial.exitCode() == null ? "unknown" : trial.exitCode().toString();
      return giveUp(
          images,
          "the agent of this image ended " + mostStarts + " times (exit code " + code + ")");
    }
    return new Step(images, false, null);
  }

  private static Step giveUp(HostImages images, String reason) {
    return new Step(
        HostImages.proven(images.proven()), false, new GivenUp(images.trial().image(), reason));
  }
}
