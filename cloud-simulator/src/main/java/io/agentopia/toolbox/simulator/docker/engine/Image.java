package io.agentopia.toolbox.simulator.docker.engine;

import java.time.Instant;
import java.util.List;

/**
 * An image in the engine.
 *
 * @param id {@code sha256:...}
 * @param digest of the manifest, {@code sha256:...}
 */
record Image(
    String id, String repository, String digest, List<String> tags, long size, Instant created) {

  boolean isCalled(String reference) {
    if (id.equals(reference) || id.startsWith("sha256:" + reference) && reference.length() >= 4) {
      return true;
    }
    var name = ImageName.parse(reference);
    return name.repository().equals(repository)
        && (name.digest() == null ? tags.contains(name.toString()) : name.digest().equals(digest));
  }

  Image withTags(List<String> newTags) {
    return new Image(id, repository, digest, List.copyOf(newTags), size, created);
  }
}
