package io.agentopia.toolbox.runtime.work;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;

/** A transaction of PostgreSQL, on the session of the current context. */
@ApplicationScoped
public class PanacheUnitOfWork implements UnitOfWork {

  @Override
  public <T> Uni<T> inTransaction(Supplier<Uni<T>> work) {
    return Panache.withTransaction(work).onFailure(Conflict::is).retry().atMost(Conflict.RETRIES);
  }

  @Override
  public <T> Uni<T> inSession(Supplier<Uni<T>> work) {
    return Panache.withSession(work);
  }
}
