package io.agentopia.toolbox.health.verdict;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolboxBoot;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletCreated;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletRebooted;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReplaced;
import io.agentopia.toolbox.events.ToolboxLifecycle.DtmaJoined;
import io.agentopia.toolbox.events.ToolboxLifecycle.ProvisioningDelayed;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxAccepted;
import io.agentopia.toolbox.events.ToolboxLifecycle.ToolboxRejected;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Starting;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whether a toolbox is to be watched, and which droplet of it. The watch begins with DropletReady,
 * not with the agent's join before it: until its address is known, the provisioner cannot make a
 * toolbox active, and word of its health would be lost. It ends when the toolbox is on its way out.
 *
 * @param lifecycleSequence of the last event that was applied: an earlier or repeated one changes
 *     nothing, nor does one of an earlier generation
 * @param since when the droplet became ready
 */
public record Watch(long generation, long lifecycleSequence, Instant since, Health health) {
  private static final Set<ToolboxStatus> NOT_WATCHED =
      EnumSet.complementOf(
          EnumSet.of(
              ToolboxStatus.AWAITING_HEARTBEAT, ToolboxStatus.ACTIVE, ToolboxStatus.UNRESPONSIVE));

  /** Types that make no difference here, whatever is known: the next event of use says it too. */
  private static final Set<Class<? extends Event>> OF_NO_USE =
      Set.of(
          ToolboxBoot.BootProgressed.class,
          ToolboxAccepted.class,
          ToolboxRejected.class,
          DropletCreated.class,
          DtmaJoined.class,
          DropletRebooted.class,
          DropletReplaced.class,
          ProvisioningDelayed.class);

  public static boolean isOfUse(Class<? extends Event> type) {
    return !OF_NO_USE.contains(type);
  }

  /** Of a toolbox never heard of: every event is newer. */
  public static Watch none(Instant now) {
    return new Watch(0, -1, now, new Unwatched());
  }

  /**
   * @return what the event makes of it; this very object when it changes nothing
   */
  public Watch after(ToolboxLifecycle event, Instant now) {
    if (event.generation() < generation || event.sequence() <= lifecycleSequence) {
      return this;
    }
    var current = event.generation() > generation ? new Unwatched() : health;
    if (NOT_WATCHED.contains(event.status())) {
      return new Watch(event.generation(), event.sequence(), since, new Unwatched());
    }
    return event instanceof DropletReady && isToBeFoundHealthy(current, event)
        ? new Watch(event.generation(), event.sequence(), now, new Starting(now))
        : new Watch(event.generation(), event.sequence(), since, current);
  }

  /**
   * A droplet that was lost and is there again waits for the word of its health, also where its
   * agent was healthy all the while.
   */
  private static boolean isToBeFoundHealthy(Health current, ToolboxLifecycle ready) {
    return current instanceof Unwatched
        || current instanceof Healthy && ready.status() == ToolboxStatus.UNRESPONSIVE;
  }
}
