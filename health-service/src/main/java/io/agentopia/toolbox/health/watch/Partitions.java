package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.health.model.HeartbeatPartitions.Claim;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Heard;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Utils;

/**
 * The partitions of the heartbeats' topic that this instance reads, and how far. One belongs to it
 * from when it has taken it over in the database, and may be judged once it has read what the owner
 * before had not stored.
 */
@ApplicationScoped
public class Partitions {
  private final Map<Integer, Part> assigned = new ConcurrentHashMap<>();

  /** Those that were given away last: most rebalances bring them back at once. */
  private final Map<Integer, Part> before = new ConcurrentHashMap<>();

  /** Of the topic; 0 until that is known. */
  private volatile int count;

  /** One assignment of one partition. */
  static final class Part {
    final int number;

    /** Where reading began. */
    final long begin;

    /** It is not taken over before that. */
    final Instant notBefore;

    private Claim claim;
    private long next;
    private long stored;
    private long goal;
    private Instant caughtUpAt;
    private Instant listenedSince;
    private List<Heard> members = List.of();

    Part(int number, long begin, Instant notBefore) {
      this.number = number;
      this.begin = begin;
      this.notBefore = notBefore;
    }

    synchronized Claim claim() {
      return claim;
    }

    /**
     * @param next where reading goes on
     * @param goal up to where it has to be read before it is judged
     */
    synchronized void takenOver(
        Claim claim, long next, long goal, List<Heard> members, Part before) {
      this.claim = claim;
      this.next = next;
      this.stored = next;
      this.goal = goal;
      this.members = members;
      if (before != null && before.isFollowedBy(claim)) {
        listenedSince = before.caughtUpAt;
      }
    }

    /** Nobody else had the partition in between, so nothing was missed. */
    private synchronized boolean isFollowedBy(Claim next) {
      return claim != null && claim.epoch() + 1 == next.epoch();
    }

    /**
     * Records were handled. Those that were fetched before reading began again further back leave a
     * gap and do not count.
     */
    synchronized void read(long first, long last) {
      if (first <= next) {
        next = Math.max(next, last + 1);
      }
    }

    /** Every beat before it was handled. */
    synchronized long next() {
      return next;
    }

    synchronized long stored() {
      return stored;
    }

    synchronized void stored(long position, List<Heard> members) {
      stored = position;
      this.members = members;
    }

    /** Whether the same droplets were stored last, at whatever times they were heard. */
    synchronized boolean hasMembers(List<Heard> heard) {
      if (heard.size() != members.size()) {
        return false;
      }
      for (var i = 0; i < heard.size(); i++) {
        var was = members.get(i);
        var is = heard.get(i);
        if (!was.toolboxId().equals(is.toolboxId()) || was.generation() != is.generation()) {
          return false;
        }
      }
      return true;
    }

    /** Since when no beat of it was missed; empty before that. */
    synchronized Optional<Instant> listeningSince(Instant now) {
      if (caughtUpAt == null && claim != null && next >= goal) {
        caughtUpAt = listenedSince == null ? now : listenedSince;
      }
      return Optional.ofNullable(caughtUpAt);
    }
  }

  /**
   * @param count of the topic's partitions
   * @param begins where each is read from
   */
  public void assign(int count, Map<Integer, Long> begins) {
    this.count = count;
    begins.forEach(
        (number, begin) ->
            assigned.put(number, new Part(number, begin(number, begin), Instant.MIN)));
  }

  /**
   * What was read by an assignment that ended before the partition was taken over is read again.
   */
  private long begin(int number, long position) {
    var was = before.get(number);
    return was == null || was.claim() != null ? position : Math.min(position, was.begin);
  }

  void revoke(Collection<Integer> numbers) {
    for (var number : numbers) {
      var part = assigned.remove(number);
      if (part != null) {
        before.put(number, part);
      }
    }
  }

  /** It belongs to this instance from now on, and is read from there. */
  void takenOver(Part part, Claim claim, HeartbeatTopic.Begin begin, List<Heard> members) {
    part.takenOver(claim, begin.next(), begin.goal(), members, before.remove(part.number));
  }

  /**
   * It belongs to somebody else, as this instance's consumer will be told soon. Should it not be,
   * it was the other one that came late, and the partition is taken back.
   */
  void lose(Claim claim, Instant notBefore) {
    assigned.computeIfPresent(
        claim.partition(),
        (number, part) ->
            claim.equals(part.claim()) ? new Part(number, part.begin, notBefore) : part);
  }

  List<Part> toTakeOver(Instant now) {
    return assigned.values().stream()
        .filter(part -> part.claim() == null && !now.isBefore(part.notBefore))
        .toList();
  }

  List<Part> owned() {
    return assigned.values().stream().filter(part -> part.claim() != null).toList();
  }

  boolean isAssigned(Part part) {
    return assigned.get(part.number) == part;
  }

  boolean isAssigned(UUID toolboxId) {
    var number = of(toolboxId);
    return number.isPresent() && assigned.containsKey(number.getAsInt());
  }

  /** The partition of the toolbox, if it belongs to this instance. */
  Optional<Part> owned(UUID toolboxId) {
    var number = of(toolboxId);
    return number.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(assigned.get(number.getAsInt())).filter(p -> p.claim() != null);
  }

  void read(int number, long first, long last) {
    var part = assigned.get(number);
    if (part != null) {
      part.read(first, last);
    }
  }

  /**
   * The partition that Kafka's producers choose for the key; empty while their number is not known.
   */
  public OptionalInt of(UUID toolboxId) {
    var key = toolboxId.toString().getBytes(StandardCharsets.UTF_8);
    return count == 0
        ? OptionalInt.empty()
        : OptionalInt.of(Utils.toPositive(Utils.murmur2(key)) % count);
  }
}
