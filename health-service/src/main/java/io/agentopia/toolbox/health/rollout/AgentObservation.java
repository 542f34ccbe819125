package io.agentopia.toolbox.health.rollout;

import io.agentopia.toolbox.events.AgentEvent.AgentUpgrade;
import io.agentopia.toolbox.events.ImageDigest;
import io.agentopia.toolbox.events.UpgradeOutcome;
import io.agentopia.toolbox.health.verdict.Health;
import java.time.Instant;

/**
 * What is known of a member's toolbox now.
 *
 * @param isLost the cloud does not know its droplet any more
 * @param heartbeatAt when the newest heartbeat was heard, or null
 * @param digest of the image that it names, or null
 * @param upgrade what it says of its move, or null
 */
public record AgentObservation(
    long generation,
    Health health,
    boolean isLost,
    Instant heartbeatAt,
    String digest,
    AgentUpgrade upgrade) {

  boolean runs(String wanted) {
    return wanted.equals(digest);
  }

  boolean isHeardAtOrAfter(Instant at) {
    return heartbeatAt != null && !heartbeatAt.isBefore(at);
  }

  boolean isUnderWay() {
    return upgrade != null && !upgrade.outcome().equals(UpgradeOutcome.FAILED);
  }

  boolean hasFailed(String wanted) {
    return upgrade != null
        && upgrade.outcome().equals(UpgradeOutcome.FAILED)
        && wanted.equals(ImageDigest.of(upgrade.image()));
  }
}
