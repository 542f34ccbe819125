package io.agentopia.toolbox.provisioner.fleet;

import io.agentopia.toolbox.provisioner.fleet.Comparison.Watched;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * About which missing droplets the cloud is asked after a look, one call each. A list may lag, so a
 * droplet must be missing from two in a row. Whoever has not been asked about goes first, the
 * longest waiting before the others; of those that the cloud still knew, or did not tell of, one a
 * look is asked about again, in turns. So many missing droplets cost a look a few calls, and none
 * is forgotten. Pure; not thread-safe.
 */
public final class Confirmations {
  private record Missing(long sinceLook, long askedInLook) {}

  private final int most;
  private Map<Long, Missing> missing = Map.of();
  private long look;

  /**
   * @param most calls after one look
   */
  public Confirmations(int most) {
    this.most = most;
  }

  /**
   * Whom to ask about now.
   *
   * @param absent what the look just taken did not show
   */
  public List<Watched> next(List<Watched> absent) {
    look++;
    var known = new HashMap<Long, Missing>();
    for (var droplet : absent) {
      var before = missing.get(droplet.dropletId());
      known.put(droplet.dropletId(), before == null ? new Missing(look, 0) : before);
    }
    missing = known; // one that is listed again begins anew
    var chosen = chosen(absent);
    for (var droplet : chosen) {
      known.computeIfPresent(droplet.dropletId(), (id, m) -> new Missing(m.sinceLook(), look));
    }
    return chosen;
  }

  /** Whether somebody has not been asked about yet, for want of calls. */
  public boolean isBehind() {
    return missing.values().stream().anyMatch(m -> m.sinceLook() < look && m.askedInLook() == 0);
  }

  private List<Watched> chosen(List<Watched> absent) {
    var chosen = new ArrayList<Watched>();
    absent.stream()
        .filter(d -> of(d).sinceLook() < look && of(d).askedInLook() == 0)
        .sorted(Comparator.comparingLong(d -> of(d).sinceLook()))
        .limit(most)
        .forEach(chosen::add);
    if (chosen.size() < most) {
      absent.stream()
          .filter(d -> of(d).askedInLook() > 0)
          .min(Comparator.comparingLong(d -> of(d).askedInLook()))
          .ifPresent(chosen::add);
    }
    return List.copyOf(chosen);
  }

  private Missing of(Watched droplet) {
    return missing.get(droplet.dropletId());
  }
}
