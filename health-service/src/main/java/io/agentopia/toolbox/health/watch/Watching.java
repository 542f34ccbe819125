package io.agentopia.toolbox.health.watch;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.model.HealthRow;
import io.agentopia.toolbox.health.model.HealthRows;
import io.agentopia.toolbox.health.model.HealthRows.HeardBeat;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.Claim;
import io.agentopia.toolbox.health.model.HeartbeatPartitions.TakenOver;
import io.agentopia.toolbox.health.verdict.CommonSilence;
import io.agentopia.toolbox.health.verdict.Health;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.health.watch.Partitions.Part;
import io.agentopia.toolbox.runtime.work.Await;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Judges the toolboxes that this instance hears, from memory. A row is read and written only where
 * something new was said or found, where an event asks for it, and once in a long while; a state
 * that changes has a transaction of its own. Not for more than one thread at a time, but for {@link
 * #isWell}.
 */
@ApplicationScoped
public class Watching {
  private static final Logger LOG = Logger.getLogger(Watching.class);

  /** So long after a verdict was held back the toolbox is looked at again. */
  static final Duration HELD_LOOK = Duration.ofSeconds(5);

  private final HealthRows rows;
  private final RowWriter writer;
  private final HealthEvaluator evaluator;
  private final Partitions partitions;
  private final LastHeard lastHeard;
  private final Await work;
  private final HealthConfig config;
  private final Clock clock;
  private final SilenceHold hold;
  private final Memory memory;

  /** As of the look under way, once somebody asked for it; null before. */
  private CommonSilence silence;

  /** Found healthy here: their heartbeats can wait for the next round. */
  private final Set<UUID> well = ConcurrentHashMap.newKeySet();

  @Inject
  public Watching(
      HealthRows rows,
      RowWriter writer,
      HealthEvaluator evaluator,
      Partitions partitions,
      LastHeard lastHeard,
      Await work,
      SilenceHold hold,
      HealthConfig config,
      Clock clock) {
    this.hold = hold;
    this.rows = rows;
    this.writer = writer;
    this.evaluator = evaluator;
    this.partitions = partitions;
    this.lastHeard = lastHeard;
    this.work = work;
    this.config = config;
    this.clock = clock;
    this.memory = new Memory(partitions);
  }

  boolean isWell(UUID toolboxId) {
    return well.contains(toolboxId);
  }

  /** Of a partition that now belongs to this instance, what the owner before knew. */
  void takeOver(TakenOver partition) {
    var number = partition.claim().partition();
    forget(id -> partitions.of(id).stream().anyMatch(n -> n == number));
    memory.takeOver(partition.heard(), config.silence(), clock.instant());
  }

  /**
   * @return those whose partition does not belong to this instance yet
   */
  List<HeardBeat> takeIn(Collection<HeardBeat> heard) {
    var early = new ArrayList<HeardBeat>();
    for (var beat : heard) {
      var id = beat.heartbeat().toolboxId();
      var part = partitions.owned(id);
      if (part.isPresent()) {
        memory.hear(beat, part.get(), clock.instant());
      } else if (partitions.isAssigned(id)) {
        early.add(beat);
      }
    }
    return early;
  }

  /** Judges those that were heard, those that are due here, and those whose row is due. */
  void look(Instant listeningSince) {
    var now = clock.instant();
    silence = null;
    hold.looked(now);
    Predicate<UUID> isJudged = id -> since(id, listeningSince).isPresent();
    var due = new LinkedHashMap<UUID, HealthRow>();
    work.await(() -> rows.due(now, isJudged)).forEach(row -> due.put(row.toolboxId, row));
    var unsettled =
        memory.due(now).stream()
            .filter(t -> isJudged.test(t.id) && !due.containsKey(t.id))
            .filter(t -> !isSettled(t, listeningSince))
            .map(t -> t.id)
            .toList();
    for (var chunk : RowWriter.chunks(unsettled)) {
      work.await(() -> rows.byIds(chunk)).forEach(row -> due.put(row.toolboxId, row));
    }
    // In the order in which everybody locks them.
    var all =
        Stream.concat(due.keySet().stream(), unsettled.stream())
            .distinct()
            .sorted(Comparator.comparing(UUID::toString))
            .toList();
    for (var chunk : RowWriter.chunks(all)) {
      writer.write(settled(chunk, due, listeningSince), this::done);
    }
  }

  /** Whether what came in changes nothing that has to be stored. */
  private boolean isSettled(Watched toolbox, Instant listeningSince) {
    if (toolbox.row() == null || toolbox.isEarly()) {
      return false;
    }
    try {
      var isChange = judged(toolbox, listeningSince).isChange();
      if (isChange || toolbox.saysSomethingNew()) {
        return false;
      }
    } catch (RuntimeException e) {
      return false; // told of when its row was read afresh
    }
    done(toolbox);
    return true;
  }

  private List<Watched> settled(
      List<UUID> chunk, Map<UUID, HealthRow> read, Instant listeningSince) {
    var toWrite = new ArrayList<Watched>();
    for (var id : chunk) {
      var toolbox = memory.of(id, clock.instant());
      try {
        toolbox.read(read.get(id));
        if (toolbox.row() == null) {
          toolbox.lookAt = null;
          done(toolbox);
        } else {
          settle(toolbox, judged(toolbox, listeningSince), listeningSince, toWrite);
        }
      } catch (RuntimeException e) {
        failed(toolbox, e);
      }
    }
    return toWrite;
  }

  private void settle(
      Watched toolbox, HealthEvaluator.Look look, Instant listeningSince, List<Watched> toWrite) {
    if (!look.isChange()) {
      toWrite.add(toolbox);
    } else if (isHeldBack(toolbox, look, listeningSince)) {
      toolbox.lookAt = look.at().plus(HELD_LOOK);
      done(toolbox);
    } else {
      change(toolbox, listeningSince);
    }
  }

  /** Its silence is not its own, as far as can be known; but not for ever. */
  private boolean isHeldBack(Watched toolbox, HealthEvaluator.Look look, Instant listeningSince) {
    var limits = config.commonSilence();
    if (!(look.after() instanceof Degraded d)
        || !d.reason().equals(HealthReason.HEARTBEAT_MISSING)
        || !silentSince(toolbox, listeningSince).plus(limits.window()).isAfter(look.at())) {
      return false;
    }
    if (silence == null) {
      silence = commonSilence(listeningSince, look.at());
    }
    if (silence.isTooMuch(limits.limit())) {
      hold.hold(silence, look.at());
      return true;
    }
    return false;
  }

  private CommonSilence commonSilence(Instant listeningSince, Instant now) {
    var watched = 0;
    var silent = 0;
    for (var toolbox : memory.all().toList()) {
      var health = toolbox.row() == null ? null : toolbox.row().health();
      if (health instanceof Healthy || health instanceof Degraded) {
        watched++;
        silent += isSilent(toolbox, health, listeningSince, now) ? 1 : 0;
      }
    }
    return new CommonSilence(watched, silent);
  }

  private boolean isSilent(Watched toolbox, Health health, Instant listeningSince, Instant now) {
    if (health instanceof Degraded d) {
      return d.reason().equals(HealthReason.HEARTBEAT_MISSING)
          && d.since().plus(config.commonSilence().window()).isAfter(now);
    }
    return !silentSince(toolbox, listeningSince).plus(config.silence()).isAfter(now);
  }

  private Instant silentSince(Watched toolbox, Instant listeningSince) {
    var listening = since(toolbox.id, listeningSince).orElse(listeningSince);
    var heard = toolbox.heardAt(toolbox.row());
    return heard == null || heard.isBefore(listening) ? listening : heard;
  }

  private HealthEvaluator.Look judged(Watched toolbox, Instant listeningSince) {
    var row = toolbox.row();
    var since = since(toolbox.id, listeningSince).orElseThrow();
    var look = evaluator.look(row, toolbox.heardAt(row), since);
    toolbox.findings = look.verdict().findings();
    toolbox.lookAt = look.after() instanceof Unwatched ? null : look.lookAgainAt();
    return look;
  }

  private void change(Watched toolbox, Instant listeningSince) {
    var claim = partitions.owned(toolbox.id).map(Part::claim).orElseThrow();
    var since = since(toolbox.id, listeningSince).orElseThrow();
    var after = work.await(() -> evaluator.change(toolbox, claim, since));
    toolbox.read(after.orElse(null));
    if (toolbox.row() != null) {
      judged(toolbox, listeningSince);
    }
    done(toolbox);
  }

  /** One toolbox that cannot be judged stops none of the others. */
  private void failed(Watched toolbox, RuntimeException e) {
    var cause = cause(e);
    if (RowWriter.isDatabaseAway(e)) {
      throw e;
    }
    if (cause instanceof HealthEvaluator.Replaced replaced) {
      lost(replaced.claim);
      return;
    }
    LOG.errorf("toolbox not judged, will be tried again: toolboxId=%s cause=%s", toolbox.id, cause);
    var again = clock.instant().plus(config.silence());
    toolbox.lookAt = again;
    toolbox.hasNews = false;
    work.await(() -> rows.putOff(toolbox.id, again));
  }

  void lost(Claim claim) {
    LOG.infof("heartbeats of a partition are read by another instance: %s", claim);
    partitions.lose(claim, clock.instant().plus(config.storeHeardEvery()));
    forget(id -> partitions.owned(id).isEmpty());
  }

  private void done(Watched toolbox) {
    toolbox.hasNews = false;
    lastHeard.tell(toolbox);
    if (toolbox.isHealthy()) {
      well.add(toolbox.id);
    } else {
      well.remove(toolbox.id);
    }
  }

  Memory memory() {
    return memory;
  }

  /** Those that were silent for long and are not well are forgotten here, once that is stored. */
  void forgetSilent(Instant listeningSince) {
    var gone =
        memory.forgettable(clock.instant().minus(config.keepEarlyBeats())).stream()
            .filter(t -> since(t.id, listeningSince).isPresent())
            .toList();
    var known = gone.stream().filter(t -> t.row() != null && !t.isEarly()).toList();
    writer.write(known, this::done);
    var ids = gone.stream().filter(t -> !t.hasNews).map(t -> t.id).toList();
    forget(Set.copyOf(ids)::contains);
  }

  void forget(Predicate<UUID> which) {
    for (var id : memory.forget(which)) {
      well.remove(id);
      lastHeard.forget(id);
    }
  }

  /** Since when no beat of the toolbox was missed; empty while that cannot be said. */
  private Optional<Instant> since(UUID id, Instant listeningSince) {
    return partitions
        .owned(id)
        .flatMap(part -> part.listeningSince(clock.instant()))
        .map(since -> since.isAfter(listeningSince) ? since : listeningSince);
  }

  static Throwable cause(RuntimeException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
