package io.agentopia.toolbox.provisioner.fleet;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who owns a droplet, by what the database said after the cloud's list was read. */
final class Ownership {
  private final Map<UUID, Owner> byToolbox;
  private final Set<Long> known;

  /** Whether a droplet has an owner, and if not, why. */
  sealed interface Verdict {
    record Owned() implements Verdict {}

    /**
     * @param reason a stable code
     * @param since it may have had an owner before
     */
    record Orphan(String reason, Instant since) implements Verdict {}

    /** Of a generation that our database has not come to: it is not the newest there was. */
    record AheadOfUs() implements Verdict {}
  }

  Ownership(Collection<Owner> owners) {
    byToolbox = owners.stream().collect(Collectors.toMap(Owner::toolboxId, Function.identity()));
    known =
        owners.stream()
            .map(Owner::dropletId)
            .filter(id -> id != null)
            .collect(Collectors.toUnmodifiableSet());
  }

  Verdict of(Listed droplet) {
    if (known.contains(droplet.id())) {
      return new Verdict.Owned(); // whatever its tags say
    }
    var toolboxId = droplet.toolboxId();
    if (toolboxId.isEmpty()) {
      return new Verdict.Orphan("no_toolbox_tag", Instant.EPOCH);
    }
    var owner = byToolbox.get(toolboxId.get());
    return owner == null ? new Verdict.Orphan("no_toolbox", Instant.EPOCH) : of(droplet, owner);
  }

  private static Verdict of(Listed droplet, Owner owner) {
    return switch (owner.claim()) {
      case ALL -> new Verdict.Owned();
      case NONE_DELETED -> orphan("toolbox_deleted", owner);
      case NONE_FAILED -> ofGeneration(droplet, owner, orphan("toolbox_failed", owner));
      case ONE -> ofGeneration(droplet, owner, orphan("second_droplet", owner));
      case GENERATION -> ofGeneration(droplet, owner, new Verdict.Owned());
    };
  }

  private static Verdict ofGeneration(Listed droplet, Owner owner, Verdict ifCurrent) {
    var generation = droplet.generation().orElse(owner.generation());
    if (generation > owner.generation()) {
      return new Verdict.AheadOfUs();
    }
    return generation < owner.generation() ? orphan("old_generation", owner) : ifCurrent;
  }

  private static Verdict orphan(String reason, Owner owner) {
    return new Verdict.Orphan(reason, owner.since());
  }
}
