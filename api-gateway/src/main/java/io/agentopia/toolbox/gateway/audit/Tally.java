package io.agentopia.toolbox.gateway.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Refusals between two writes, the same ones as one. Bounded: whoever sends refused credentials by
 * the million, from ever new addresses, fills neither the memory nor the table; what is beyond the
 * bound is counted without its address and toolbox.
 */
final class Tally {
  private final int most;
  private final int mostAnHour;
  private final Map<Refusal, Refusal.Counted> counted = new LinkedHashMap<>();
  private final Set<Refusal> thisHour = new HashSet<>();
  private Instant hour = Instant.EPOCH;

  /**
   * @param most different ones between two writes
   * @param mostAnHour different ones of one hour, each of them a row
   */
  Tally(int most, int mostAnHour) {
    this.most = most;
    this.mostAnHour = mostAnHour;
  }

  synchronized void add(Refusal refusal, Instant at) {
    var isRoom =
        (counted.size() < most || counted.containsKey(refusal)) && isRoomThisHour(refusal, at);
    var key =
        isRoom ? refusal : new Refusal(refusal.credential(), refusal.reason(), null, null, null);
    counted.merge(key, one(key, at), Tally::sum);
  }

  private boolean isRoomThisHour(Refusal refusal, Instant at) {
    var now = at.truncatedTo(ChronoUnit.HOURS);
    if (!now.equals(hour)) {
      hour = now;
      thisHour.clear();
    }
    return thisHour.contains(refusal) || thisHour.size() < mostAnHour && thisHour.add(refusal);
  }

  synchronized List<Refusal.Counted> take() {
    var all = new ArrayList<>(counted.values());
    counted.clear();
    return all;
  }

  private static Refusal.Counted one(Refusal r, Instant at) {
    return new Refusal.Counted(
        r.credential(), r.reason(), r.toolboxId(), r.generation(), r.remoteAddress(), 1, at, at);
  }

  private static Refusal.Counted sum(Refusal.Counted a, Refusal.Counted b) {
    return new Refusal.Counted(
        a.credential(),
        a.reason(),
        a.toolboxId(),
        a.generation(),
        a.remoteAddress(),
        a.count() + b.count(),
        a.firstAt(),
        b.lastAt());
  }
}
