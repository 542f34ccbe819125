package io.agentopia.toolbox.provisioner.fleet;

import java.time.Duration;
import java.time.Instant;

/**
 * When the cloud's list is read next. A droplet's address is needed once its agent has joined, and
 * the fleet shares a look: so the first one comes a little before the earliest agent is expected,
 * and one at once when an agent has spoken whose address is not known. Whatever takes its time is
 * looked for ever more seldom. Pure: time is passed in.
 *
 * @param busy age of a droplet at the first look for it
 * @param apart distance of two looks at least, for each page that the list has: a look costs a call
 *     a page
 * @param idle distance of two looks while nothing is on its way
 * @param empty the same while no toolbox has a droplet
 */
public record WatchPace(Duration busy, Duration apart, Duration idle, Duration empty) {

  /**
   * What the pace depends on; it can be asked for without reading a single toolbox. Droplets on
   * their way are those whose address is not known.
   *
   * @param isEmpty whether no toolbox has a droplet
   * @param oldestUnseen when the oldest of those on their way that no look has been for was
   *     accepted by the cloud, or null
   * @param youngestSeen when the youngest of those that were looked for in vain was accepted, or
   *     null
   * @param lastSpoke when the last agent joined of those on their way, or null
   */
  public record Standing(
      boolean isEmpty, Instant oldestUnseen, Instant youngestSeen, Instant lastSpoke) {
    public boolean isWaiting() {
      return oldestUnseen != null || youngestSeen != null;
    }
  }

  /**
   * @param pages of the last list
   */
  public Instant nextLook(Instant lastLook, Standing fleet, int pages) {
    var soonest = soonest(lastLook, pages);
    var next = lastLook.plus(fleet.isEmpty() ? empty : idle);
    if (fleet.oldestUnseen() != null) {
      next = earlier(next, fleet.oldestUnseen().plus(busy));
    }
    if (fleet.youngestSeen() != null) {
      next = earlier(next, whenItsAgeHasDoubled(fleet.youngestSeen(), lastLook, busy));
    }
    if (fleet.lastSpoke() != null) {
      next =
          earlier(
              next,
              fleet.lastSpoke().isAfter(lastLook)
                  ? soonest
                  : whenItsAgeHasDoubled(fleet.lastSpoke(), lastLook, apart));
    }
    return next.isBefore(soonest) ? soonest : next;
  }

  /** No look comes sooner after the last one, whatever waits for it. */
  public Instant soonest(Instant lastLook, int pages) {
    return lastLook.plus(apart.multipliedBy(Math.max(1, pages)));
  }

  /** But no sooner than after a first wait. */
  private static Instant whenItsAgeHasDoubled(Instant since, Instant lastLook, Duration first) {
    var age = Duration.between(since, lastLook);
    return lastLook.plus(age.compareTo(first) > 0 ? age : first);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
