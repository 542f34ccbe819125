package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.UpgradeOutcome;
import io.agentopia.toolbox.simulation.AgentImages.Image;
import io.agentopia.toolbox.simulation.AgentImages.Kind;

/** The image that the agent on one droplet runs from, and its moves to others. */
final class AgentImage {
  private final World world;
  private final Agent agent;
  private Image image = AgentImages.first();
  private AgentUpgrade upgrade;
  private boolean isMoving;

  AgentImage(World world, Agent agent) {
    this.world = world;
    this.agent = agent;
  }

  Image image() {
    return image;
  }

  /** What its heartbeats tell of a move that is under way or has failed, or null. */
  AgentUpgrade upgrade() {
    return upgrade;
  }

  /** The agent died: whoever starts it runs the image that it has proved. */
  void died() {
    isMoving = false;
  }

  /** It is told with each heartbeat's answer, and does not try again what has failed. */
  void asked(Image wanted) {
    if (wanted == null || isMoving || hasFailed(wanted)) {
      return;
    }
    isMoving = true;
    upgrade = new AgentUpgrade(wanted.reference(), UpgradeOutcome.STARTING, null);
    agent.in(world.chance.between(3_000, 40_000), () -> move(wanted));
  }

  private boolean hasFailed(Image wanted) {
    return upgrade != null
        && upgrade.outcome().equals(UpgradeOutcome.FAILED)
        && upgrade.image().equals(wanted.reference());
  }

  /** It ran there. */
  private static boolean isBack(Image wanted) {
    return wanted.equals(AgentImages.first());
  }

  private void move(Image wanted) {
    isMoving = false;
    if (wanted.kind() == Kind.SOUND && (isBack(wanted) || !world.chance.fault(3))) {
      image = wanted;
      upgrade = null;
    } else {
      upgrade = new AgentUpgrade(wanted.reference(), UpgradeOutcome.FAILED, "it was not confirmed");
    }
    world.trace(agent.machine().toolbox, () -> "agent runs from " + image + ", " + upgrade);
  }
}
