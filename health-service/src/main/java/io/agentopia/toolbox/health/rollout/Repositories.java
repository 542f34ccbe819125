package io.agentopia.toolbox.health.rollout;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where images of the agent may come from: whoever may start a rollout has every droplet run what
 * he names, so it is not left to him alone.
 *
 * @param allowed names as in a reference, without tag and digest
 */
public record Repositories(Set<String> allowed) {

  /**
   * @param references to images, or names of repositories
   */
  public static Repositories of(Collection<String> references) {
    var names = new TreeSet<String>();
    references.forEach(reference -> names.add(name(reference.strip())));
    return new Repositories(names);
  }

  boolean allow(String reference) {
    return allowed.contains(name(reference));
  }

  /** A colon behind the last slash begins a tag; one before it is a registry's port. */
  private static String name(String reference) {
    var digest = reference.indexOf('@');
    var tagged = digest < 0 ? reference : reference.substring(0, digest);
    var tag = tagged.lastIndexOf(':');
    return tag > tagged.lastIndexOf('/') ? tagged.substring(0, tag) : tagged;
  }
}
