package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.docker.engine.Engine;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.ImageName;
import io.agentopia.toolbox.simulator.registry.AgentRegistry;
import io.agentopia.toolbox.simulator.trial.Reference;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What a user-data's list of images means by digest. A tag has the digest that the agents' registry
 * gives it, if it is there, or else the one of the simulated registry: the same for all time.
 *
 * @param registry null where there is none
 */
record AgentImages(AgentRegistry registry) {
  private static final Logger LOG = Logger.getLogger(AgentImages.class);

  /** The first image's, which is what a boot pulls; empty where none is named. */
  Optional<String> pinned(List<String> images) {
    return images.stream().findFirst().flatMap(this::pinned);
  }

  private Optional<String> pinned(String image) {
    try {
      return Optional.of(byDigest(image)).filter(Reference::isByDigest);
    } catch (EngineRefusal e) {
      LOG.warnf("the user-data names no image: found=%s", image);
      return Optional.empty();
    }
  }

  private String byDigest(String image) {
    var at = image.indexOf('@');
    var named = at < 0 ? image : image.substring(0, at);
    var colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    var repository = colon < 0 ? named : named.substring(0, colon);
    var tag = colon < 0 ? "latest" : named.substring(colon + 1);
    var registered =
        registry == null || at >= 0 ? Optional.<String>empty() : registry.pinned(repository, tag);
    return registered.orElseGet(() -> repository + "@" + Engine.digest(ImageName.parse(image)));
  }
}
