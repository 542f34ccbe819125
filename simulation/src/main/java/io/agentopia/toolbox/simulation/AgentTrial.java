package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.agent.identity.ImageHistory;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.upgrade.UpgradeFiles;
import java.util.Optional;

/**
 * The droplet's script and the files by which it and the agent speak of images: an image that the
 * agent asks for is tried, and the former one runs again unless the agent of it confirms itself.
 */
final class AgentTrial implements UpgradeFiles {
  static final long WATCHED_EVERY = 15_000;
  private static final long LIMIT = 180_000;
  private static final int MOST_STARTS = 3;

  private final World world;
  private final Machine machine;
  private AgentImages.Image proven;
  private AgentImages.Image tried;
  private long since;
  private int starts;
  private long unsoundUntil = -1;
  private PinnedImage next;
  private PinnedImage confirmed;
  private ImageHistory.Failed failed;

  AgentTrial(World world, Machine machine) {
    this.world = world;
    this.machine = machine;
    this.proven = AgentImages.first();
  }

  /** That runs, or is to run. */
  AgentImages.Image image() {
    return tried == null ? proven : tried;
  }

  boolean isOn() {
    return tried != null;
  }

  /** Before each start of the agent. */
  void start() {
    judge(true);
    if (tried == null
        && next != null
        && !next.equals(PinnedImage.parse(proven.reference()).get())) {
      tried = AgentImages.of(next.toString());
      since = world.agenda.now();
      starts = 0;
      confirmed = null;
      failed = null;
      world.invariants.imageTried(machine.toolbox, machine.id, tried);
    }
    next = null;
    starts++;
  }

  /** Whether the former image has to be started instead. */
  boolean watch() {
    var before = tried;
    judge(false);
    return before != null && image() != before;
  }

  private void judge(boolean isStart) {
    if (tried == null) {
      return;
    }
    if (confirmed != null && confirmed.toString().equals(tried.reference())) {
      proven = tried;
      tried = null;
    } else if (world.mutant == Mutant.NO_AGENT_TRIAL) {
      proven = tried; // whatever becomes of it
      tried = null;
    } else if (world.agenda.now() - since >= LIMIT) {
      giveUp("the agent of this image was not confirmed within 180 s");
    } else if (isStart && starts >= MOST_STARTS) {
      giveUp("the agent of this image ended 3 times");
    }
  }

  private void giveUp(String why) {
    world.trace(machine.toolbox, () -> "the script gives up " + tried + ": " + why);
    world.invariants.imageGivenUp(machine.id, tried);
    failed = new ImageHistory.Failed(tried.reference(), why);
    unsoundUntil = tried.isSound() ? unsoundUntil : world.agenda.now();
    next = null;
    confirmed = null;
    tried = null;
  }

  /** Whether its agent could not speak at some time since, whatever way there was. */
  boolean wasSpeechless(long when) {
    return !image().isSound() || unsoundUntil >= when;
  }

  @Override
  public void writeNext(PinnedImage image) {
    next = image;
  }

  @Override
  public void writeConfirmed(PinnedImage image) {
    confirmed = image;
  }

  @Override
  public Optional<PinnedImage> takeLeftNext() {
    var left = Optional.ofNullable(next);
    next = null;
    return left;
  }

  @Override
  public Optional<ImageHistory.Failed> takeFailed() {
    var taken = Optional.ofNullable(failed);
    failed = null;
    return taken;
  }
}
