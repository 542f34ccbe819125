package io.agentopia.toolbox.agent.tools;

import java.util.List;

/**
 * An image as the engine describes it.
 *
 * @param tags its {@code repository:tag} names, in Docker's short form; none when it is dangling
 * @param digests its {@code repository@sha256:...} names
 * @param sizeBytes with the layers that it shares with other images
 */
public record ObservedImage(String id, List<String> tags, List<String> digests, long sizeBytes) {
  public ObservedImage {
    tags = familiar(tags);
    digests = familiar(digests);
  }

  /** Older engines write {@code <none>:<none>} where there is no name. */
  private static List<String> familiar(List<String> names) {
    return names == null
        ? List.of()
        : names.stream().filter(n -> !n.contains("<none>")).map(ImageReference::familiar).toList();
  }

  /** For people: a name if it has one. */
  public String name() {
    return tags.isEmpty() ? digests.stream().findFirst().orElse(id) : tags.getFirst();
  }
}
