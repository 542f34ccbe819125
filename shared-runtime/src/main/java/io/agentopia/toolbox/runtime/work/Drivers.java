package io.agentopia.toolbox.runtime.work;

import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.agentopia.toolbox.runtime.sql.Notifications;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The {@link Driver}s of this instance, woken by {@link Notifications}: PostgreSQL tells at commit,
 * on channel {@value #CHANNEL}, which one has something to do, whichever instance wrote it. While
 * nothing can be heard the drivers' periods find it.
 */
@ApplicationScoped
public class Drivers {
  /** Its notifications carry the name of a driver. */
  private static final String CHANNEL = "work_due";

  private final Notifications notifications;
  private final VertxContexts contexts;
  private final Vertx vertx;
  private final Clock clock;
  private final List<Driver<?>> drivers = new CopyOnWriteArrayList<>();

  @Inject
  public Drivers(Notifications notifications, VertxContexts contexts, Vertx vertx, Clock clock) {
    this.notifications = notifications;
    this.contexts = contexts;
    this.vertx = vertx;
    this.clock = clock;
  }

  /** A driver that looks at once, and then whenever something is due. */
  public synchronized <T> Driver<T> start(
      Driver.Settings settings, Driver.Source<T> source, Function<T, Uni<Void>> work) {
    var driver = new Driver<>(settings, source, work, contexts, vertx, clock);
    if (drivers.isEmpty()) {
      notifications.listen(CHANNEL, this::wake, () -> drivers.forEach(Driver::wake));
    }
    drivers.add(driver);
    driver.wake();
    return driver;
  }

  void stop(@Observes ShutdownEvent event) {
    drivers.forEach(Driver::stop);
  }

  private void wake(String name) {
    for (var driver : drivers) {
      if (driver.name().equals(name)) {
        driver.wake();
      }
    }
  }
}
