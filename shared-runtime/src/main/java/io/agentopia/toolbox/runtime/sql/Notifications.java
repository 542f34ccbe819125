package io.agentopia.toolbox.runtime.sql;

import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.pubsub.PgSubscriber;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL tells at commit (LISTEN, NOTIFY), on one connection of this instance beside its
 * pools. One that is lost is made anew after a second; what was told meanwhile is lost, and whoever
 * listens is called to look for himself.
 */
@ApplicationScoped
public class Notifications {
  private static final Logger LOG = Logger.getLogger(Notifications.class);
  private static final long AGAIN_MILLIS = 1000;

  private final Pool pool;
  private final PoolSettings settings;
  private final Vertx vertx;
  private final Map<String, PgConnection> listening = new ConcurrentHashMap<>();
  private volatile @Nullable PgSubscriber subscriber;

  @Inject
  Notifications(Pool pool, PoolSettings settings, Vertx vertx) {
    this.pool = pool;
    this.settings = settings;
    this.vertx = vertx;
  }

  /**
   * Both are called one after the other on an event loop, and must not block it.
   *
   * @param heard with what each notification carries
   * @param anew listening has begun, or begun again: what was told before was not heard
   */
  public synchronized void listen(String channel, Consumer<String> heard, Runnable anew) {
    var known = subscriber;
    var telling = known == null ? subscriber() : known;
    telling
        .channel(channel)
        .subscribeHandler(
            ignored -> {
              anew.run();
              var connection = telling.actualConnection();
              if (connection != null) { // or it is lost again already
                listening.put(channel, connection);
              }
            })
        .handler(heard::accept);
    if (known == null) {
      subscriber = telling;
      connect(telling);
    }
  }

  /**
   * Asks the database for a sign of life.
   *
   * @return when it is done, all that was told on this channel before it was asked for has been
   *     heard, or {@code anew} called; it fails while nobody listens
   */
  public Future<Void> caughtUp(String channel) {
    var known = subscriber;
    var connection = listening.get(channel);
    return known == null || connection == null || connection != known.actualConnection()
        ? Future.failedFuture("nobody listens to " + channel)
        : connection.query("select '" + channel + "'").execute().mapEmpty();
  }

  void stop(@Observes ShutdownEvent event) {
    var known = subscriber;
    if (known != null) {
      known.close();
    }
  }

  private PgSubscriber subscriber() {
    pool.size(); // makes the pool, which makes its settings known
    return PgSubscriber.subscriber(vertx, settings.options().setTcpKeepAlive(true))
        .reconnectPolicy(this::again);
  }

  /** The subscriber makes lost connections anew, but not one that it has never had. */
  private void connect(PgSubscriber telling) {
    telling
        .connect()
        .onFailure(
            e -> {
              LOG.warnf("not listening to the database, tries again in 1 s: cause=%s", e);
              telling.close();
              vertx.setTimer(AGAIN_MILLIS, ignored -> connect(telling));
            });
  }

  private Long again(int failures) {
    LOG.warnf("listening to the database ended, begins anew in 1 s: failures=%d", failures);
    return AGAIN_MILLIS;
  }
}
