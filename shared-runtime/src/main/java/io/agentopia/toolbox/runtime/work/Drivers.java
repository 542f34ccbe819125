package io.agentopia.toolbox.runtime.work;

import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * The {@link Driver}s of this instance, and the ear that wakes them: PostgreSQL tells at commit, on
 * channel {@value #CHANNEL}, which one has something to do, whichever instance wrote it. While the
 * ear has no connection the drivers' periods find what was not heard.
 */
@ApplicationScoped
public class Drivers {
  private static final Logger LOG = Logger.getLogger(Drivers.class);

  /** Its notifications carry the name of a driver. */
  private static final String CHANNEL = "work_due";

  private static final int LISTEN_MILLIS = 500;

  private final DataSource database;
  private final VertxContexts contexts;
  private final Vertx vertx;
  private final Clock clock;
  private final List<Driver<?>> drivers = new CopyOnWriteArrayList<>();
  private volatile boolean running = true;
  private Thread ear;

  @Inject
  public Drivers(DataSource database, VertxContexts contexts, Vertx vertx, Clock clock) {
    this.database = database;
    this.contexts = contexts;
    this.vertx = vertx;
    this.clock = clock;
  }

  /** A driver that looks at once, and then whenever something is due. */
  public synchronized <T> Driver<T> start(
      Driver.Settings settings, Driver.Source<T> source, Function<T, Uni<Void>> work) {
    var driver = new Driver<>(settings, source, work, contexts, vertx, clock);
    drivers.add(driver);
    if (ear == null) {
      ear = Thread.ofPlatform().name("work-due").daemon().start(this::listenUntilStopped);
    }
    driver.wake();
    return driver;
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    running = false;
    drivers.forEach(Driver::stop);
    if (ear != null) {
      ear.interrupt();
      ear.join(2L * LISTEN_MILLIS);
    }
  }

  private void listenUntilStopped() {
    while (running) {
      try {
        listen();
      } catch (Exception e) {
        if (running) {
          LOG.warnf("listening for due work interrupted, begins anew in 1 s: cause=%s", e);
          pause();
        }
      }
    }
  }

  private void listen() throws Exception {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(true);
      statement.execute("listen " + CHANNEL);
      drivers.forEach(Driver::wake); // what came before was not heard
      var notifications = connection.unwrap(PGConnection.class);
      try {
        while (running) {
          for (var notification : notifications.getNotifications(LISTEN_MILLIS)) {
            wake(notification.getParameter());
          }
        }
      } finally {
        statement.execute("unlisten *"); // the pooled connection must not carry it to its next user
      }
    }
  }

  private void wake(String name) {
    for (var driver : drivers) {
      if (driver.name().equals(name)) {
        driver.wake();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
