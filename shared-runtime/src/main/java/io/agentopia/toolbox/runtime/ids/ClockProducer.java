package io.agentopia.toolbox.runtime.ids;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;

/**
 * The one clock of a service. Microseconds at the finest, as PostgreSQL keeps them: what is read
 * back equals what was written.
 */
@ApplicationScoped
class ClockProducer {
  @Produces
  @DefaultBean
  @ApplicationScoped
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), java.time.Duration.ofNanos(1000));
  }
}
