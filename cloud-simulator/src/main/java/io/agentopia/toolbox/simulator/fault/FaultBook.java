package io.agentopia.toolbox.simulator.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The faults that wait to strike. A restart of the simulator forgets them. */
public final class FaultBook {
  private final RandomGenerator random;
  private final List<Fault> faults = new ArrayList<>();

  public FaultBook(RandomGenerator random) {
    this.random = random;
  }

  /** The first fault of that kind that fits; it has then struck once more. */
  public synchronized Optional<Fault> strike(FaultKind kind, Match.Target target) {
    for (var i = 0; i < faults.size(); i++) {
      var fault = faults.get(i);
      if (fault.kind() == kind && fault.match().fits(target) && isDrawn(fault)) {
        var left = fault.struckOnce();
        if (left.isUsedUp()) {
          faults.remove(i);
        } else {
          faults.set(i, left);
        }
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  private boolean isDrawn(Fault fault) {
    return fault.probability() >= 1 || random.nextDouble() < fault.probability();
  }

  public synchronized List<Fault> all() {
    return List.copyOf(faults);
  }

  public synchronized void add(List<Fault> more) {
    faults.addAll(more);
  }

  public synchronized void replace(List<Fault> others) {
    faults.clear();
    faults.addAll(others);
  }

  public synchronized boolean remove(String id) {
    return faults.removeIf(f -> f.id().equals(id));
  }
}
