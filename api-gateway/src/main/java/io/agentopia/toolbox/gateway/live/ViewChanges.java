package io.agentopia.toolbox.gateway.live;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.postgresql.PGConnection;

/**
 * What has changed in the read model, whichever instance changed it: PostgreSQL tells at commit. A
 * listener that loses its connection connects again; what was missed meanwhile is made good by
 * {@link Change#everything}.
 */
@ApplicationScoped
public class ViewChanges {
  private static final Logger LOG = Logger.getLogger(ViewChanges.class);

  /** So often the connection that tells of changes is seen to live. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

  private final DataSource database;
  private final Clock clock;
  private final BroadcastProcessor<Change> changes = BroadcastProcessor.create();
  private volatile Instant livedAt = Instant.EPOCH;
  private volatile boolean running = true;
  private Thread thread;

  @Inject
  public ViewChanges(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Whether every change that was committed until {@link #LONGEST_SILENCE} ago has been told here:
   * the connection that tells of them has answered since.
   */
  public boolean isListening() {
    return clock.instant().isBefore(livedAt.plus(LONGEST_SILENCE));
  }

  /**
   * @param toolId null when the toolbox itself changed
   */
  public record Change(String accountId, UUID toolboxId, UUID toolId) {
    /** Anything may have changed. */
    static Change everything() {
      return new Change(null, null, null);
    }

    public boolean isEverything() {
      return toolboxId == null;
    }

    public boolean concerns(String account, UUID toolbox) {
      return (accountId == null || account == null || accountId.equals(account))
          && (toolboxId == null || toolbox == null || toolboxId.equals(toolbox));
    }
  }

  public Multi<Change> stream() {
    return changes.onOverflow().buffer(256);
  }

  void start(@Observes @Priority(300) StartupEvent event) {
    thread = Thread.ofPlatform().name("view-changes").daemon().start(this::run);
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    running = false;
    changes.onComplete();
    if (thread != null) {
      thread.interrupt();
      thread.join(2000);
    }
  }

  private void run() {
    while (running) {
      try {
        listen();
      } catch (Exception e) {
        if (running) {
          LOG.warnf("listening for changes interrupted, begins anew in 1 s: cause=%s", e);
          pause();
        }
      }
    }
  }

  private void listen() throws Exception {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("listen view_changed");
      changes.onNext(Change.everything());
      var notifications = connection.unwrap(PGConnection.class);
      try {
        var askedAt = Instant.EPOCH;
        while (running) {
          var now = clock.instant();
          if (!now.isBefore(askedAt.plus(LOOK_EVERY))) {
            // An answer to a question of now: what was told before it has arrived.
            askedAt = now;
            statement.execute("select 'view_changed'");
          }
          for (var notification : notifications.getNotifications((int) LOOK_EVERY.toMillis())) {
            changes.onNext(parse(notification.getParameter()));
          }
          livedAt = askedAt;
        }
      } finally {
        livedAt = Instant.EPOCH;
        statement.execute("unlisten *");
      }
    }
  }

  /** {@code <account> <toolbox> <tool or ->}; an account may be any text. */
  static Change parse(String payload) {
    var parts = payload.split(" ");
    if (parts.length < 3) {
      return Change.everything();
    }
    var tool = parts[parts.length - 1];
    var toolbox = parts[parts.length - 2];
    var account = payload.substring(0, payload.length() - tool.length() - toolbox.length() - 2);
    return new Change(
        account, UUID.fromString(toolbox), tool.equals("-") ? null : UUID.fromString(tool));
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
