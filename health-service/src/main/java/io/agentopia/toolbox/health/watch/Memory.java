package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.model.HealthRows.HeardBeat;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Heard;
import io.agentopia.toolbox.health.watch.Partitions.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The toolboxes that this instance hears. Not for more than one thread at a time. */
final class Memory {
  private final Map<UUID, Watched> toolboxes = new HashMap<>();
  private final Partitions partitions;

  Memory(Partitions partitions) {
    this.partitions = partitions;
  }

  Watched of(UUID id, Instant now) {
    return toolboxes.computeIfAbsent(id, i -> new Watched(i, now));
  }

  void hear(HeardBeat beat, Part part, Instant now) {
    of(beat.heartbeat().toolboxId(), now).hear(beat, part.stored());
  }

  /** What the owner before has heard; silence is looked for from then on. */
  void takeOver(Collection<Heard> heard, Duration silence, Instant now) {
    heard.forEach(h -> of(h.toolboxId(), now).heardBefore(h, h.at().plus(silence)));
  }

  /** Those with news, and those that time alone can have changed. */
  List<Watched> due(Instant now) {
    return toolboxes.values().stream()
        .filter(t -> t.hasNews || t.lookAt != null && !t.lookAt.isAfter(now))
        .toList();
  }

  Stream<Watched> all() {
    return toolboxes.values().stream();
  }

  Stream<Watched> in(Part part) {
    return toolboxes.values().stream()
        .filter(t -> partitions.of(t.id).stream().anyMatch(number -> number == part.number));
  }

  /** When those of a partition were heard, in the same order each time. */
  List<Heard> heard(Part part) {
    return in(part)
        .map(Watched::heard)
        .filter(Objects::nonNull)
        .sorted(Comparator.comparing(Heard::toolboxId))
        .toList();
  }

  /**
   * Up to where all that the beats say is stored.
   *
   * @param next every beat before it was looked at or is kept here
   */
  long storedTo(Part part, long next) {
    var to = next;
    for (var toolbox : in(part).toList()) {
      if (toolbox.hasNews) {
        return part.stored();
      }
      if (toolbox.isEarly()) {
        var from = toolbox.earlyFrom();
        to = Math.min(to, from == null ? part.stored() : from.longValue());
      }
    }
    return to;
  }

  /**
   * Those that are not well and were not heard for so long; should they come back, they are read
   * again.
   */
  List<Watched> forgettable(Instant before) {
    return toolboxes.values().stream()
        .filter(t -> !t.isHealthy() && !t.isHeardSince(before))
        .toList();
  }

  /**
   * @return their ids
   */
  List<UUID> forget(Predicate<UUID> which) {
    var gone = toolboxes.keySet().stream().filter(which).toList();
    gone.forEach(toolboxes::remove);
    return gone;
  }
}
