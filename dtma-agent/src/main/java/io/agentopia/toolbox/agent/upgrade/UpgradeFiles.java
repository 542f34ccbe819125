package io.agentopia.toolbox.agent.upgrade;

import io.agentopia.toolbox.agent.identity.ImageHistory;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import java.io.IOException;
import java.util.Optional;

/**
 * By which the agent and the droplet's own script speak of images: {@code next} and {@code
 * confirmed} are the agent's words, {@code failed} is the script's.
 */
public interface UpgradeFiles {
  /** Asks the droplet to start the agent from this image the next time. */
  void writeNext(PinnedImage image) throws IOException;

  /** Says that the agent of this image is sound. */
  void writeConfirmed(PinnedImage image) throws IOException;

  /**
   * The wish that an agent before this one left, if the droplet has not taken it. It is read once.
   */
  Optional<PinnedImage> takeLeftNext() throws IOException;

  /** The image that the droplet gave up, and why. It is read once. */
  Optional<ImageHistory.Failed> takeFailed() throws IOException;
}
