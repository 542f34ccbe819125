package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.store.HealthRow;
import io.agentopia.toolbox.health.store.HealthRows;
import io.agentopia.toolbox.health.store.HealthRows.Note;
import io.agentopia.toolbox.health.verdict.Health;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.runtime.messaging.VertxContexts;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Stores what was heard, which makes it due, then judges all that is due: once a second, and at
 * once when a toolbox is heard of that is not known to be well. A few statements for all toolboxes
 * together; a transaction of its own only for one whose state changes.
 */
@ApplicationScoped
public class Round {
  private static final Logger LOG = Logger.getLogger(Round.class);

  private final HealthRows rows;
  private final Beats beats;
  private final Judge judge;
  private final Listening listening;
  private final VertxContexts contexts;
  private final HealthConfig config;
  private final Clock clock;

  /** Found healthy here, and when last: their heartbeats can wait for the next round. */
  private final Map<UUID, Instant> well = new ConcurrentHashMap<>();

  private final AtomicBoolean isWoken = new AtomicBoolean();

  @Inject
  public Round(
      HealthRows rows,
      Beats beats,
      Judge judge,
      Listening listening,
      VertxContexts contexts,
      HealthConfig config,
      Clock clock) {
    this.rows = rows;
    this.beats = beats;
    this.judge = judge;
    this.listening = listening;
    this.contexts = contexts;
    this.config = config;
    this.clock = clock;
  }

  /** Takes a heartbeat in; never blocks. */
  public void heard(AgentHeartbeat heartbeat, Instant at) {
    beats.add(heartbeat, at);
    if (!well.containsKey(heartbeat.toolboxId()) && isWoken.compareAndSet(false, true)) {
      Infrastructure.getDefaultWorkerPool().execute(this::round);
    }
  }

  @Scheduled(every = "${health.judge-every}", concurrentExecution = ConcurrentExecution.SKIP)
  synchronized void round() {
    isWoken.set(false); // first: what comes from here on wakes the next round
    try {
      storeHeard();
      var since = listening.since(clock.instant());
      if (since.isPresent()) {
        judgeDue(since.get());
      }
    } catch (RuntimeException e) {
      LOG.warnf("round not finished, the next one goes on: cause=%s", cause(e));
    }
  }

  private void storeHeard() {
    var heard = beats.take();
    List<HealthRows.HeardBeat> early;
    try {
      early = await(() -> rows.store(heard, clock.instant()));
    } catch (RuntimeException e) {
      beats.putBack(heard);
      throw e;
    }
    beats.putBack(early);
    beats.forgetBefore(clock.instant().minus(config.keepEarlyBeats()));
    well.values().removeIf(clock.instant().minus(config.silence().multipliedBy(2))::isAfter);
  }

  private void judgeDue(Instant listeningSince) {
    List<HealthRow> due;
    do {
      due = await(() -> rows.due(clock.instant()));
      var notes = new ArrayList<Note>();
      due.forEach(row -> notes.add(judged(row, listeningSince)));
      await(() -> rows.note(notes));
    } while (due.size() == HealthRows.MOST_DUE);
  }

  /** One toolbox that cannot be judged stops none of the others. */
  private Note judged(HealthRow row, Instant listeningSince) {
    try {
      var look = judge.look(row, listeningSince);
      remember(row.toolboxId, row.health());
      if (look.isChange()) {
        remember(row.toolboxId, await(() -> judge.change(row.toolboxId, listeningSince)));
      }
      return Note.of(row, look.verdict().findings(), look.lookAgainAt());
    } catch (RuntimeException e) {
      LOG.errorf(
          "toolbox not judged, will be tried again: toolboxId=%s generation=%d cause=%s",
          row.toolboxId, row.generation, cause(e));
      return Note.postponed(row, clock.instant().plus(config.silence()));
    }
  }

  private void remember(UUID id, Health health) {
    if (health instanceof Healthy) {
      well.put(id, clock.instant());
    } else {
      well.remove(id);
    }
  }

  private <T> T await(Supplier<Uni<T>> work) {
    return contexts.run(work).join();
  }

  private static Throwable cause(RuntimeException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
