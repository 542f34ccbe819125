package io.agentopia.toolbox.provisioner.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * When the cloud's list is read next. A droplet on its way is looked for ever more seldom, because
 * it comes soon or late, and at once when its agent speaks: then its address is there to be read.
 * One look serves all that were made at about the same time. Pure: time is passed in.
 *
 * @param busy age of a droplet at the first look for it; two looks are half of that apart at least
 * @param idle distance of two looks while nothing is on its way
 * @param empty the same while no toolbox has a droplet
 */
public record WatchPace(Duration busy, Duration idle, Duration empty) {

  /**
   * A droplet whose address is not known yet.
   *
   * @param since the cloud accepted it then
   * @param hasSpoken its agent has joined
   */
  public record OnItsWay(Instant since, boolean hasSpoken) {}

  public Instant nextLook(Instant lastLook, boolean isEmpty, Collection<OnItsWay> droplets) {
    var soonest = lastLook.plus(busy.dividedBy(2));
    var next = lastLook.plus(isEmpty ? empty : idle);
    for (var droplet : droplets) {
      next = earlier(next, droplet.hasSpoken() ? soonest : lookFor(droplet, lastLook));
    }
    return next.isBefore(soonest) ? soonest : next;
  }

  /** When its age has doubled since the last look, but no sooner than a first look would be. */
  private Instant lookFor(OnItsWay droplet, Instant lastLook) {
    var from = droplet.since().isAfter(lastLook) ? droplet.since() : lastLook;
    var age = Duration.between(droplet.since(), from);
    return from.plus(age.compareTo(busy) > 0 ? age : busy);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
