package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.runtime.work.UnitOfWork;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;

/**
 * A service's transactions in memory, for one of its instances. What is in one happens at once in
 * the world's time, so no two are ever open together. The instance may die before a commit, when
 * nothing of it has happened, and right after, when all of it has and nobody hears of that: then
 * its answer never comes.
 */
final class SimulatedUnitOfWork implements UnitOfWork {
  private final Service service;
  private final Process process;

  SimulatedUnitOfWork(Service service, Process process) {
    this.service = service;
    this.process = process;
  }

  @Override
  public <T> Uni<T> inTransaction(Supplier<Uni<T>> work) {
    return Uni.createFrom().deferred(() -> process.alive(() -> committed(work)));
  }

  private <T> Uni<T> committed(Supplier<Uni<T>> work) {
    var result = new Object[1];
    try {
      try {
        service.transact(process, tx -> result[0] = Now.of(work.get()));
      } catch (Violation broken) {
        service.world.failed(
            broken.toolbox(), broken); // whoever takes it for a failure of the work
        throw broken;
      }
    } catch (Violation violation) {
      service.world.failed(-1, violation);
      throw violation;
    }
    @SuppressWarnings("unchecked")
    var item = (T) result[0];
    return Uni.createFrom().item(item);
  }

  @Override
  public <T> Uni<T> inSession(Supplier<Uni<T>> work) {
    return Uni.createFrom().deferred(work::get);
  }
}
