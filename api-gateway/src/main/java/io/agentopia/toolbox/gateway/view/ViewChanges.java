package io.agentopia.toolbox.gateway.view;

import io.agentopia.toolbox.runtime.sql.Notifications;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * What has changed in the read model, whichever instance changed it: PostgreSQL tells at commit.
 * What was missed while nothing could be heard is made good by {@link Change#everything}.
 */
@ApplicationScoped
public class ViewChanges {
  private static final String CHANNEL = "view_changed";

  /** So often the connection that tells of changes is seen to live. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

  private final Notifications notifications;
  private final Vertx vertx;
  private final Clock clock;
  private final BroadcastProcessor<Change> changes = BroadcastProcessor.create();
  private volatile Instant livedAt = Instant.EPOCH;
  private long looking;

  @Inject
  public ViewChanges(Notifications notifications, Vertx vertx, Clock clock) {
    this.notifications = notifications;
    this.vertx = vertx;
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
    notifications.listen(
        CHANNEL,
        told -> changes.onNext(parse(told)),
        () -> {
          changes.onNext(Change.everything());
          vertx.runOnContext(ignored -> look());
        });
    looking = vertx.setPeriodic(LOOK_EVERY.toMillis(), ignored -> look());
  }

  void stop(@Observes ShutdownEvent event) {
    vertx.cancelTimer(looking);
    changes.onComplete();
  }

  private void look() {
    var askedAt = clock.instant();
    notifications
        .caughtUp(CHANNEL)
        .onSuccess(ignored -> livedAt = askedAt)
        .onFailure(ignored -> livedAt = Instant.EPOCH);
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
}
