package io.agentopia.toolbox.health.model;

import io.agentopia.toolbox.health.rollout.AgentObservation;
import io.agentopia.toolbox.health.rollout.Tally;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/** The droplets that rollouts have asked. */
public interface Members {
  /** So many are asked by one look. */
  int MOST_AT_ONCE = 500;

  /** A member with what is known of its toolbox. */
  record Seen(MemberRow member, AgentObservation sighting) {
    /** With the time it was heard last, made of its generation and of what its row has. */
    public Seen heard(BiFunction<Long, Instant, Instant> at) {
      return new Seen(
          member,
          new AgentObservation(
              sighting.generation(),
              sighting.health(),
              sighting.isLost(),
              at.apply(sighting.generation(), sighting.heartbeatAt()),
              sighting.digest(),
              sighting.upgrade()));
    }
  }

  Uni<Void> add(Collection<MemberRow> members);

  Uni<List<Seen>> inMotion(UUID rolloutId);

  /** What was changed in the transaction is counted as well. */
  Uni<Tally> tally(RolloutRow rollout);

  /** Members of a rollout that goes back which are not on their way yet. */
  Uni<List<MemberRow>> toReturn(UUID rolloutId);
}
