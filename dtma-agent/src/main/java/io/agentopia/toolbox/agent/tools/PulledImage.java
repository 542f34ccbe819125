package io.agentopia.toolbox.agent.tools;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is remembered of an image that this agent pulled.
 *
 * @param references the names under which it was pulled, in Docker's short form
 * @param unusedSince when it was first seen without a use since its last one; null while it is used
 */
public record PulledImage(Set<String> references, Instant unusedSince) {
  public PulledImage {
    references = references == null ? Set.of() : Set.copyOf(references);
  }

  public static PulledImage as(String image) {
    return new PulledImage(Set.of(ImageReference.familiar(image)), null);
  }

  /** Pulled once more, perhaps by another name: it is about to be used. */
  public PulledImage andAs(String image) {
    var all = new TreeSet<>(references);
    all.add(ImageReference.familiar(image));
    return new PulledImage(all, null);
  }

  public PulledImage used() {
    return unusedSince == null ? this : new PulledImage(references, null);
  }

  public PulledImage unused(Instant now) {
    return unusedSince == null ? new PulledImage(references, now) : this;
  }
}
