package io.agentopia.toolbox.agent.upgrade;

import io.agentopia.toolbox.agent.docker.CheckedPull;
import io.agentopia.toolbox.agent.docker.DockerRefusal;
import io.agentopia.toolbox.agent.docker.DockerUnavailable;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Gets one image from the first of several registries that has it.
 *
 * @param begins told of each pull
 */
record ImageFetch(CheckedPull pull, Consumer<PinnedImage> begins) {
  private static final Logger LOG = Logger.getLogger(ImageFetch.class);

  /**
   * @param image null when no registry gave it
   * @param refused what the registries said, for people
   */
  record Result(PinnedImage image, String refused) {}

  /** Each registry in order, unless one of them gave the image before. */
  Result from(List<PinnedImage> references) {
    var refused = new StringJoiner("; ");
    try {
      var docker = pull.docker();
      var there = references.stream().filter(r -> docker.hasImage(r.toString())).findFirst();
      var image = there.or(() -> firstPulled(references, refused));
      return new Result(image.orElse(null), refused.toString());
    } catch (DockerRefusal | DockerUnavailable e) {
      return new Result(null, e.getMessage());
    }
  }

  private Optional<PinnedImage> firstPulled(List<PinnedImage> references, StringJoiner refused) {
    return references.stream().filter(r -> isPulled(r, refused)).findFirst();
  }

  private boolean isPulled(PinnedImage reference, StringJoiner refused) {
    begins.accept(reference);
    try {
      pull.run(reference.toString());
      return true;
    } catch (DockerRefusal | DockerUnavailable e) {
      refused.add(e.getMessage());
      LOG.warnf("Image not pulled image=%s found=\"%s\"", reference, e.getMessage());
      return false;
    }
  }
}
