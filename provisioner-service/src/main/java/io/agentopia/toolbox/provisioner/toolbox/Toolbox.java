package io.agentopia.toolbox.provisioner.toolbox;

import io.agentopia.toolbox.events.ToolboxStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * One toolbox: what was asked for, and where it stands. Changed only by {@link Lifecycle}.
 *
 * @param generation number of the current droplet, from 1
 * @param told how far its events have come
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
    Told told,
    int failedBoots,
    String traceparent,
    Instant createdAt,
    ToolboxState state) {

  /**
   * Numbers of the last events.
   *
   * @param sequence of its lifecycle that was published
   * @param bootSequence of its boot stages that was published, of whichever generation
   * @param healthSequence of its health that counted here
   */
  public record Told(long sequence, long bootSequence, long healthSequence) {
    public static final Told NOTHING = new Told(0, 0, 0);

    Told atLeast(long number) {
      return new Told(Math.max(sequence, number), Math.max(bootSequence, number), healthSequence);
    }
  }

  public long sequence() {
    return told.sequence();
  }

  public long bootSequence() {
    return told.bootSequence();
  }

  public long healthSequence() {
    return told.healthSequence();
  }

  public ToolboxStatus status() {
    return state.status();
  }

  /** Whether it stands where {@code before} stood, and has told nothing since. */
  public boolean isWhere(Toolbox before) {
    return state.equals(before.state)
        && generation == before.generation
        && sequence() == before.sequence()
        && bootSequence() == before.bootSequence();
  }

  Toolbox withFailedBoots(int count) {
    return with(generation, told, count, state);
  }

  /** What it tells from now on has this number or a higher one. */
  Toolbox numberedFrom(long first) {
    return with(generation, told.atLeast(first - 1), failedBoots, state);
  }

  /** It has moved on, and has told of it. */
  Toolbox told(long toGeneration, long toSequence, long toBootSequence, ToolboxState next) {
    var now = new Told(toSequence, toBootSequence, told.healthSequence());
    return with(toGeneration, now, failedBoots, next);
  }

  /** A verdict on its health has counted. */
  Toolbox heard(long verdict) {
    var now = new Told(told.sequence(), told.bootSequence(), verdict);
    return with(generation, now, failedBoots, state);
  }

  private Toolbox with(
      long newGeneration, Told newTold, int newFailedBoots, ToolboxState newState) {
    return new Toolbox(
        id,
        accountId,
        name,
        region,
        size,
        newGeneration,
        newTold,
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
