package io.agentopia.toolbox.provisioner.fleet;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A droplet with our fleet tag, as the cloud's list shows it. */
public record Listed(long id, String name, Set<String> tags, Instant createdAt) {

  /** Prefix of the tag that names the toolbox. */
  public static final String TOOLBOX = "toolbox:";

  /** Prefix of the tag that says which generation of the toolbox's droplets it is. */
  public static final String GENERATION = "gen:";

  /** Empty when the tags name none, or several. */
  public Optional<UUID> toolboxId() {
    return only(TOOLBOX).flatMap(Listed::uuid);
  }

  /** Empty when the tags name none, or several. */
  public Optional<Long> generation() {
    return only(GENERATION).flatMap(Listed::number);
  }

  private Optional<String> only(String prefix) {
    var found = tags.stream().filter(t -> t.startsWith(prefix)).toList();
    return found.size() == 1
        ? Optional.of(found.getFirst().substring(prefix.length()))
        : Optional.empty();
  }

  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.valueOf(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
