package io.agentopia.toolbox.simulation;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.remediation.EventDraft;
import io.agentopia.toolbox.health.verdict.CommonSilence;
import io.agentopia.toolbox.health.verdict.Health.Degraded;
import io.agentopia.toolbox.health.verdict.Health.Healthy;
import io.agentopia.toolbox.health.verdict.Health.Unwatched;
import io.agentopia.toolbox.health.verdict.Signals;
import io.agentopia.toolbox.health.verdict.Thresholds;
import io.agentopia.toolbox.health.verdict.Verdict;
import io.agentopia.toolbox.health.verdict.Watch;
import io.agentopia.toolbox.runtime.config.ShippedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The health service around its real watch, checks and verdict. */
final class Health extends Service {
  /** As shipped, but for what would outlast a world. */
  static HealthConfig settings(Map<String, String> changed) {
    var all = new HashMap<>(changed);
    all.put("health.common-silence.window", "4M");
    all.put("health.remediation.cool-downs", "2M");
    return ShippedSettings.of(HealthConfig.class, all);
  }

  private static final HealthConfig SETTINGS = settings(Map.of());

  private static final Thresholds THRESHOLDS = SETTINGS;
  private static final HealthConfig.CommonSilenceConfig LIMITS = SETTINGS.commonSilence();

  private static final Duration HELD_LOOK = Duration.ofSeconds(5);

  /** What is stored of one toolbox. */
  private record Row(
      UUID id,
      String accountId,
      Watch watch,
      Signals.Beat beat,
      Instant dockerLostAt,
      long announced,
      long sequence,
      Instant lookAgainAt) {

    Row with(Watch next, Instant now) {
      var isNewDroplet = next.generation() > watch.generation();
      var hasChanged = !next.health().equals(watch.health());
      var look = next.health() instanceof Unwatched ? null : hasChanged ? now : lookAgainAt;
      return new Row(
          id,
          accountId,
          next,
          isNewDroplet ? null : beat,
          isNewDroplet ? null : dockerLostAt,
          announced,
          sequence,
          look);
    }

    Row heard(Signals.Beat newest, boolean dockerReachable, Instant now) {
      var lost = dockerReachable ? null : dockerLostAt == null ? newest.at() : dockerLostAt;
      return new Row(
          id,
          accountId,
          watch,
          newest,
          lost,
          announced,
          sequence,
          watch.health() instanceof Unwatched ? null : now);
    }

    Row counted(long next) {
      return new Row(id, accountId, watch, beat, dockerLostAt, announced, next, lookAgainAt);
    }

    Row looked(Instant again) {
      return new Row(id, accountId, watch, beat, dockerLostAt, announced, sequence, again);
    }
  }

  private record Early(long generation, Signals.Beat beat, boolean dockerReachable) {}

  final Healing healing;
  private final Row[] rows;
  private final Early[] early;
  private final boolean[] timerSet;
  private final Instant[] listeningSince = {Instant.EPOCH, Instant.EPOCH};

  Health(World world, int toolboxes) {
    super(world, "health");
    rows = new Row[toolboxes];
    early = new Early[toolboxes];
    timerSet = new boolean[toolboxes];
    healing = new Healing(world, this, toolboxes);
    world.bus.subscribe(this, Topics.TOOLBOX_LIFECYCLE);
    for (var number = 0; number < 2; number++) {
      var mine = number;
      instance(mine).onStart(() -> listeningSince[mine] = world.instant());
      instance(mine).onCrash(() -> forgetEarly(mine));
    }
  }

  private void forgetEarly(int instance) {
    for (var i = instance; i < early.length; i += 2) {
      early[i] = null;
    }
  }

  @Override
  boolean isOfUse(Message message) {
    return Watch.isOfUse(message.event.getClass());
  }

  @Override
  void handle(Tx tx, Message message) {
    var event = (ToolboxLifecycle) message.event;
    var i = message.toolbox;
    var now = world.instant();
    var row =
        rows[i] != null
            ? rows[i]
            : new Row(
                event.toolboxId(), event.accountId(), Watch.none(now), null, null, 0, 0, null);
    var after = row.watch().after(event, now);
    var isNews = after != row.watch();
    if (isNews) {
      tx.write(
          () -> {
            world.invariants.watchStored(i, row.watch(), after);
            rows[i] = row.with(after, now);
            takeEarly(i);
            setTimer(i);
          });
    }
    var isWatched = !(row.watch().health() instanceof Unwatched);
    var isStillTrue = event.generation() == row.watch().generation() && isWatched;
    healing.learn(tx, i, event, isNews, isStillTrue);
  }

  /** Tells of a toolbox in the transaction that makes it true, counting on. */
  void tell(Tx tx, int i, long generation, List<EventDraft> notices) {
    if (notices.isEmpty()) {
      return;
    }
    var row = rows[i];
    var sequence = row.sequence();
    for (var notice : notices) {
      tx.append(i, notice.event(new Subject(row.id(), row.accountId(), generation, ++sequence)));
    }
    var last = sequence;
    tx.write(() -> rows[i] = rows[i].counted(last));
  }

  /** Of this generation's agent, or null. */
  Instant lastBeat(int i, long generation) {
    var row = rows[i];
    return row.watch().generation() == generation && row.beat() != null ? row.beat().at() : null;
  }

  boolean isWatched(int i) {
    return rows[i] != null && !(rows[i].watch().health() instanceof Unwatched);
  }

  private void takeEarly(int i) {
    var waiting = early[i];
    if (waiting != null && waiting.generation() <= rows[i].watch().generation()) {
      early[i] = null;
      store(i, waiting.generation(), waiting.beat(), waiting.dockerReachable());
    }
  }

  /** A heartbeat, as the partition's reader hears it. */
  void hear(int i, long generation, Signals.Beat beat, boolean dockerReachable) {
    if (!instance(i).isUp()) {
      return; // the next one says it all again
    }
    if (rows[i] == null || rows[i].watch().generation() < generation) {
      early[i] = new Early(generation, beat, dockerReachable);
      return;
    }
    store(i, generation, beat, dockerReachable);
    look(i);
  }

  private void store(int i, long generation, Signals.Beat beat, boolean dockerReachable) {
    var row = rows[i];
    var isNewer = row.beat() == null || row.beat().at().isBefore(beat.at());
    if (row.watch().generation() == generation && isNewer) {
      rows[i] = row.heard(beat, dockerReachable, world.instant());
    }
  }

  private void setTimer(int i) {
    var at = rows[i].lookAgainAt();
    if (at != null && !timerSet[i]) {
      timerSet[i] = true;
      world.agenda.at(
          world.millis(at) + world.chance.below(1_000),
          () -> {
            timerSet[i] = false;
            look(i);
          });
    }
  }

  /** Judges it if it is due. */
  private void look(int i) {
    var row = rows[i];
    if (row.lookAgainAt() == null) {
      return;
    }
    if (!row.lookAgainAt().isAfter(world.instant())) {
      var judge = instance(i);
      if (judge.isUp()) {
        judge.run(() -> judge(judge, i));
      } else {
        rows[i] = row.looked(world.instant().plusSeconds(1));
      }
    }
    setTimer(i);
  }

  private void judge(Process judge, int i) {
    var row = rows[i];
    var now = world.instant();
    var verdict = Verdict.of(signals(row, listeningSince[i % 2]), THRESHOLDS, now);
    var again =
        verdict.lookAgainAt() == null ? now.plus(THRESHOLDS.silence()) : verdict.lookAgainAt();
    var before = row.watch().health();
    var after = before.after(verdict, now);
    if (after.equals(before)) {
      rows[i] = row.looked(again);
      return;
    }
    if (isHeldBack(i, after, now)) {
      world.trace(i, () -> "health holds back: more are silent than can be true");
      rows[i] = row.looked(now.plus(HELD_LOOK));
      return;
    }
    var sequence = row.sequence() + 1;
    var watch = row.watch();
    var generation = watch.generation();
    transact(
        judge,
        tx -> {
          tx.write(
              () ->
                  rows[i] =
                      new Row(
                          row.id(),
                          row.accountId(),
                          new Watch(generation, watch.lifecycleSequence(), watch.since(), after),
                          row.beat(),
                          row.dockerLostAt(),
                          after instanceof Healthy ? generation : row.announced(),
                          sequence,
                          again));
          tx.append(i, event(row, after, sequence));
        });
  }

  /** Its silence is not its own, as far as can be known; but not for ever. */
  private boolean isHeldBack(int i, io.agentopia.toolbox.health.verdict.Health after, Instant now) {
    return world.mutant != Mutant.NO_SILENCE_HOLD
        && after instanceof Degraded d
        && d.reason().equals(HealthReason.HEARTBEAT_MISSING)
        && silentSince(i).plus(LIMITS.window()).isAfter(now)
        && commonSilence(i, now).isTooMuch(LIMITS.limit());
  }

  /** Of those that the same instance hears. */
  private CommonSilence commonSilence(int of, Instant now) {
    var watched = 0;
    var silent = 0;
    for (var i = of % 2; i < rows.length; i += 2) {
      if (isWatched(i)) {
        watched++;
        silent += isSilent(i, now) ? 1 : 0;
      }
    }
    return new CommonSilence(watched, silent);
  }

  private boolean isSilent(int i, Instant now) {
    if (rows[i].watch().health() instanceof Degraded d) {
      return d.reason().equals(HealthReason.HEARTBEAT_MISSING)
          && d.since().plus(LIMITS.window()).isAfter(now);
    }
    return !silentSince(i).plus(THRESHOLDS.silence()).isAfter(now);
  }

  private Instant silentSince(int i) {
    var signals = signals(rows[i], listeningSince[i % 2]);
    var beat = signals.beat();
    return beat == null || beat.at().isBefore(signals.watchedSince())
        ? signals.watchedSince()
        : beat.at();
  }

  /** How many its instance calls silent, and has called so since then only. */
  int calledSilent(int toolbox, Instant since) {
    var called = 0;
    for (var i = toolbox % 2; i < rows.length; i += 2) {
      called +=
          isWatched(i)
                  && rows[i].watch().health() instanceof Degraded d
                  && d.reason().equals(HealthReason.HEARTBEAT_MISSING)
                  && !d.since().isBefore(since)
              ? 1
              : 0;
    }
    return called;
  }

  private static Signals signals(Row row, Instant listeningSince) {
    var since = row.watch().since();
    return new Signals(
        since.isAfter(listeningSince) ? since : listeningSince, row.beat(), row.dockerLostAt());
  }

  private static ToolboxHealth event(
      Row row, io.agentopia.toolbox.health.verdict.Health after, long sequence) {
    var generation = row.watch().generation();
    if (after instanceof Degraded d) {
      return new ToolboxHealth.HealthDegraded(
          new Subject(row.id(), row.accountId(), generation, sequence),
          d.reason(),
          d.message(),
          d.since(),
          List.of());
    }
    return row.announced() < generation
        ? new ToolboxHealth.DtmaHealthy(
            new Subject(row.id(), row.accountId(), generation, sequence), "1")
        : new ToolboxHealth.HealthRecovered(
            new Subject(row.id(), row.accountId(), generation, sequence), 0);
  }
}
