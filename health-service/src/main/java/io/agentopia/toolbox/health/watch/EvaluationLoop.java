package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.AgentEvent.AgentHeartbeat;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.model.HeartbeatPartitions;
import io.agentopia.toolbox.health.watch.Partitions.Part;
import io.agentopia.toolbox.runtime.work.Await;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Takes in what was heard and has judged all that is due: once a second, and at once when a toolbox
 * is heard of that is not known to be well. It is stored now and then when toolboxes were heard,
 * and when their partition is given away: one row for each partition. A partition that is taken
 * over is read again from where the owner before has stored it.
 */
@ApplicationScoped
public class EvaluationLoop {
  private static final Logger LOG = Logger.getLogger(EvaluationLoop.class);

  /** The consumer waits so long for the last batch of partitions that it gives away. */
  private static final int HANDOVER_SECONDS = 5;

  private final HeartbeatPartitions stored;
  private final Partitions partitions;
  private final HeartbeatBuffer buffer;
  private final Watching watching;
  private final HeardBatches batches;
  private final LastHeard lastHeard;
  private final HeartbeatTopic topic;
  private final Await work;
  private final HealthConfig config;
  private final Clock clock;
  private final Executor workers;

  /**
   * Held while memory is worked with. Never while the consumer's thread is waited for, which itself
   * waits for this lock when partitions are given away.
   */
  private final ReentrantLock lock = new ReentrantLock();

  private final AtomicBoolean isWoken = new AtomicBoolean();
  private final AtomicBoolean isReassigned = new AtomicBoolean();

  /** As of the last round; null while not all was read. */
  private volatile Instant listeningSince;

  @Inject
  public EvaluationLoop(
      HeartbeatPartitions stored,
      Partitions partitions,
      HeartbeatBuffer buffer,
      Watching watching,
      HeardBatches batches,
      LastHeard lastHeard,
      HeartbeatTopic topic,
      Await work,
      HealthConfig config,
      Clock clock) {
    this(
        stored,
        partitions,
        buffer,
        watching,
        batches,
        lastHeard,
        topic,
        work,
        config,
        clock,
        Infrastructure.getDefaultWorkerPool());
  }

  /**
   * @param workers where rounds run that something has woken
   */
  public EvaluationLoop(
      HeartbeatPartitions stored,
      Partitions partitions,
      HeartbeatBuffer buffer,
      Watching watching,
      HeardBatches batches,
      LastHeard lastHeard,
      HeartbeatTopic topic,
      Await work,
      HealthConfig config,
      Clock clock,
      Executor workers) {
    this.stored = stored;
    this.partitions = partitions;
    this.buffer = buffer;
    this.watching = watching;
    this.batches = batches;
    this.lastHeard = lastHeard;
    this.topic = topic;
    this.work = work;
    this.config = config;
    this.clock = clock;
    this.workers = workers;
  }

  /** Takes a heartbeat in; never blocks. One of a partition that another instance reads is its. */
  public void heard(AgentHeartbeat heartbeat, Instant at) {
    if (partitions.isAssigned(heartbeat.toolboxId())) {
      buffer.add(heartbeat, at);
      if (!watching.isWell(heartbeat.toolboxId())) {
        wake();
      }
    }
  }

  /** The records of a partition, the first and the last of them included, were taken in. */
  public void read(int partition, long first, long last) {
    partitions.read(partition, first, last);
  }

  /**
   * This instance reads these partitions from now on.
   *
   * @param count of all partitions of the topic
   * @param begins where each is read from
   */
  public void assigned(int count, Map<Integer, Long> begins) {
    partitions.assign(count, begins);
    isReassigned.set(true);
    wake();
  }

  /** Stores what was heard of these partitions, which this instance reads no longer. */
  public void handOver(Collection<Integer> numbers) {
    if (owned(numbers).isEmpty()) {
      revoke(numbers);
      return;
    }
    var last = CompletableFuture.runAsync(() -> lastBatch(numbers), workers);
    try {
      last.get(HANDOVER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf(
          "heartbeats not stored at a handover, the next owner reads them again: partitions=%s cause=%s",
          numbers, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      revoke(numbers);
    }
  }

  private void revoke(Collection<Integer> numbers) {
    partitions.revoke(numbers);
    isReassigned.set(true);
  }

  void end(@Observes ShutdownEvent event) {
    handOver(partitions.owned().stream().map(part -> part.number).toList());
  }

  private void wake() {
    if (isWoken.compareAndSet(false, true)) {
      workers.execute(this::round);
    }
  }

  public synchronized void round() {
    isWoken.set(false); // first: what comes from here on wakes the next round
    try {
      for (var part : partitions.toTakeOver(clock.instant())) {
        takeOver(part);
      }
      listeningSince = topic.since(clock.instant()).orElse(null);
      locked(
          () -> {
            if (isReassigned.getAndSet(false)) {
              watching.forget(id -> !partitions.isAssigned(id));
            }
            work(batches.due(), listeningSince);
          });
    } catch (RuntimeException e) {
      LOG.warnf("round not finished, the next one goes on: cause=%s", Watching.cause(e));
    }
  }

  private void takeOver(Part part) {
    var before = work.await(() -> stored.claim(part.number, part.begin));
    var begin = topic.from(part.number, before.nextOffset());
    locked(
        () -> {
          if (partitions.isAssigned(part)) {
            partitions.takenOver(part, before.claim(), begin, before.heard());
            watching.takeOver(before);
          }
        });
    LOG.infof(
        "heartbeats of a partition are read here: %s from=%d toolboxes=%d",
        before.claim(), begin.next(), before.heard().size());
  }

  private void lastBatch(Collection<Integer> numbers) {
    locked(() -> work(owned(numbers), topic.still(listeningSince, clock.instant()).orElse(null)));
  }

  private List<Part> owned(Collection<Integer> numbers) {
    return partitions.owned().stream().filter(part -> numbers.contains(part.number)).toList();
  }

  /**
   * @param toStore partitions of which it is stored when their toolboxes were heard
   * @param since when nothing was missed; null: nobody is judged, and nothing stored
   */
  private void work(List<Part> toStore, Instant since) {
    var begun = clock.instant();
    var read = HeardBatches.howFar(toStore);
    buffer.putBack(watching.takeIn(buffer.take()));
    buffer.forgetBefore(begun.minus(config.keepEarlyBeats()));
    if (since == null) {
      return;
    }
    watching.look(since);
    lastHeard.roundEnded(begun);
    if (!toStore.isEmpty()) {
      watching.forgetSilent(since);
      batches.store(read, begun);
    }
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }
}
