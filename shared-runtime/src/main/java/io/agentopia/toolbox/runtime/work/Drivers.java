package io.agentopia.toolbox.runtime.work;

import io.agentopia.toolbox.runtime.sql.Notifications;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What this instance does by itself: {@link Loop}s, which go by time alone, and {@link Driver}s,
 * woken by {@link Notifications}: PostgreSQL tells at commit, on channel {@value #CHANNEL}, which
 * one has something to do, whichever instance wrote it. While nothing can be heard the drivers'
 * periods find it.
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
  private final List<Loop> loops = new CopyOnWriteArrayList<>();

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

  /** Every so often, at once for the first time; never twice at the same time. */
  public void every(String name, Duration period, Supplier<Uni<Void>> work) {
    every(name, Duration.ZERO, period, work);
  }

  /**
   * As {@link #every(String, Duration, Supplier)}.
   *
   * @param delay before the first time
   */
  public void every(String name, Duration delay, Duration period, Supplier<Uni<Void>> work) {
    var loop = new Loop(name, period, work, contexts, vertx, clock);
    loops.add(loop);
    loop.runIn(delay);
  }

  /** As {@link #every(String, Duration, Supplier)}, of what blocks its thread. */
  public void everyBlocking(String name, Duration period, Runnable work) {
    every(
        name,
        period,
        () ->
            Uni.createFrom()
                .voidItem()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(work::run));
  }

  /** How everything goes, in the order in which it was started. */
  public List<Progress.Status> status() {
    return Stream.concat(drivers.stream().map(Driver::status), loops.stream().map(Loop::status))
        .toList();
  }

  void stop(@Observes ShutdownEvent event) {
    loops.forEach(Loop::stop);
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
