package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.ToolboxStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * One toolbox: what was asked for, and where it stands. Changed only by {@link Lifecycle}.
 *
 * @param generation number of the current droplet, from 1
 * @param sequence of the last event of its lifecycle that was published
 * @param bootSequence of the last boot stage that was published, of whichever generation
 * @param failedBoots droplets in a row that did not come up, since one that did or since somebody
 *     asked for a new one
 * @param traceparent of the request that is being worked on
 */
public record Toolbox(
    UUID id,
    String accountId,
    String name,
    String region,
    String size,
    long generation,
    long sequence,
    long bootSequence,
    int failedBoots,
    String traceparent,
    Instant createdAt,
    ToolboxState state) {

  public ToolboxStatus status() {
    return state.status();
  }

  Toolbox withFailedBoots(int count) {
    return with(generation, sequence, bootSequence, count, state);
  }

  /** What it tells from now on has this number or a higher one. */
  Toolbox numberedFrom(long first) {
    return with(
        generation,
        Math.max(sequence, first - 1),
        Math.max(bootSequence, first - 1),
        failedBoots,
        state);
  }

  /** It has moved on, and has told of it. */
  Toolbox told(long toGeneration, long toSequence, long toBootSequence, ToolboxState next) {
    return with(toGeneration, toSequence, toBootSequence, failedBoots, next);
  }

  private Toolbox with(
      long newGeneration,
      long newSequence,
      long newBootSequence,
      int newFailedBoots,
      ToolboxState newState) {
    return new Toolbox(
        id,
        accountId,
        name,
        region,
        size,
        newGeneration,
        newSequence,
        newBootSequence,
        newFailedBoots,
        traceparent,
        createdAt,
        newState);
  }

  /** Deterministic, so that a droplet can be found again after an unsure create. */
  public String dropletName() {
    return prefix() + generation;
  }

  /**
   * Whether a droplet was made after what is being removed here: its toolbox has moved on since
   * this was read, and the droplet is in use. A replacement removes what was there before it.
   */
  public boolean isMadeLater(String name) {
    var last = state instanceof ToolboxState.Replacing ? generation - 1 : generation;
    var number = name.startsWith(prefix()) ? name.substring(prefix().length()) : "";
    return number.matches("[0-9]{1,18}") && Long.parseLong(number) > last;
  }

  private String prefix() {
    return "toolbox-" + id + "-g";
  }
}
