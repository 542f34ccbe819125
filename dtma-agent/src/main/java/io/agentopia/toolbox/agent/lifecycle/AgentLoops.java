package io.agentopia.toolbox.agent.lifecycle;

import io.agentopia.toolbox.agent.backend.ControlPlaneSession;
import io.agentopia.toolbox.agent.backend.Heartbeats;
import io.agentopia.toolbox.agent.backend.ManifestSync;
import io.agentopia.toolbox.agent.backend.Reports;
import io.agentopia.toolbox.agent.backend.Wire;
import io.agentopia.toolbox.agent.disk.DiskWatch;
import io.agentopia.toolbox.agent.docker.CheckedPull;
import io.agentopia.toolbox.agent.docker.DockerEvents;
import io.agentopia.toolbox.agent.docker.Labels;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.loop.Loops;
import io.agentopia.toolbox.agent.metrics.Measurement;
import io.agentopia.toolbox.agent.reconcile.ActionRunner;
import io.agentopia.toolbox.agent.reconcile.Attempts;
import io.agentopia.toolbox.agent.reconcile.BackoffTracker;
import io.agentopia.toolbox.agent.reconcile.ReconcilePlanner;
import io.agentopia.toolbox.agent.reconcile.Reconciler;
import io.agentopia.toolbox.agent.reconcile.ToolboxNames;
import io.agentopia.toolbox.agent.reconcile.ToolsSnapshot;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.upgrade.AgentUpgrader;
import io.agentopia.toolbox.agent.upgrade.Upgrade;
import io.agentopia.toolbox.agent.upgrade.WantedImage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** What a joined agent does, each in a loop of its own, and who wakes whom. */
final class AgentLoops
    implements Heartbeats.Listener, Reconciler.Listener, ActionRunner.Notes, AgentUpgrader.Agent {
  static final String HEARTBEAT = "dtma-heartbeat";
  static final String MANIFEST = "dtma-manifest";
  static final String REPORT = "dtma-report";
  static final String DOCKER_EVENTS = "dtma-docker-events";
  static final String RECONCILE = "dtma-reconcile";
  static final String DISK_GUARD = "dtma-disk-guard";
  static final String UPGRADE = "dtma-upgrade";

  /** After the first answer this waits no more. */
  private static final Duration ENGINE_ANSWERS_FIRST = Duration.ofSeconds(2);

  private final Agent.Parts parts;
  private final Agent agent;
  private final Loops runner;
  private final AtomicReference<ToolsSnapshot> snapshot;
  private final Attempts attempts;
  private final Reconciler reconciler;
  private final ManifestSync manifests;
  private final AgentUpgrader upgrader;
  private final DiskWatch diskWatch;
  private final Map<String, Loop> loops;
  private boolean leaving;

  AgentLoops(Agent.Parts parts, ControlPlaneSession session, Identity identity, Agent agent) {
    this.parts = parts;
    this.agent = agent;
    this.runner = parts.execution().loops();
    var progress = parts.state().current().progress();
    this.snapshot =
        new AtomicReference<>(
            ToolsSnapshot.nothingYet(progress.appliedManifest(), session.timing().now()));
    var names = new ToolboxNames(identity.toolboxId());
    this.attempts = attempts(names);
    this.reconciler = reconciler(names);
    this.manifests = new ManifestSync(session, parts.settings().manifestEvery(), reconciler::want);
    this.upgrader = upgrader();
    this.diskWatch = diskWatch();
    this.loops = loops(session, identity.toolboxId());
  }

  private Map<String, Loop> loops(ControlPlaneSession session, UUID toolboxId) {
    var settings = parts.settings();
    var heartbeats = new Heartbeats(session, this::compose, this, agent::told);
    var reports = new Reports(session, snapshot::get);
    var events = new DockerEvents(parts.docker(), toolboxId, session.timing(), this::lookAgain);
    return Loops.byName(
        Loop.callingOut(HEARTBEAT, () -> beat(heartbeats)),
        Loop.callingOut(MANIFEST, manifests::fetch),
        Loop.callingOut(REPORT, reports::send),
        Loop.callingDocker(DOCKER_EVENTS, events::listen),
        Loop.callingDocker(RECONCILE, reconciler::pass),
        Loop.callingDocker(DISK_GUARD, settings.diskGuardEvery(), diskWatch::look),
        Loop.callingDocker(UPGRADE, upgrader::step));
  }

  private Attempts attempts(ToolboxNames names) {
    var settings = parts.settings();
    var timing = parts.execution().timing();
    var rules =
        new ActionRunner.Rules(
            settings.extraLabels().map(Labels::parse).orElseGet(Map::of),
            settings.pullLimit(),
            settings.stopGrace());
    return new Attempts(
        new ActionRunner(parts.docker(), names, rules, this),
        new BackoffTracker(
            new Backoff(settings.toolRetryFirst(), settings.toolRetryCap()), timing.random()),
        timing.clock(),
        parts.execution().actions());
  }

  private Reconciler reconciler(ToolboxNames names) {
    var settings = parts.settings();
    return new Reconciler(
        new Reconciler.Parts(
            names,
            parts.docker(),
            parts.state(),
            new ReconcilePlanner(names, settings.port()),
            attempts,
            parts.execution().timing(),
            this),
        settings.lookEvery());
  }

  private DiskWatch diskWatch() {
    return new DiskWatch(
        new DiskWatch.Parts(
            agent.diskGuard(),
            parts.docker().images(),
            parts.state(),
            parts.droplet().disk(),
            reconciler::wantedImages,
            this::agentImages,
            parts.execution().timing().clock()));
  }

  /** What DTMA_IMAGE says may be a tag, of which only the disk guard makes use. */
  private Set<String> agentImages() {
    var all = new HashSet<>(upgrader.images());
    agent.ownImage().ifPresent(all::add);
    return all;
  }

  private AgentUpgrader upgrader() {
    var settings = parts.settings();
    return new AgentUpgrader(
        new AgentUpgrader.Parts(
            agent.image(),
            parts.state(),
            parts.droplet().upgradeFiles(),
            new CheckedPull(parts.docker(), settings.pullLimit(), this::pulled),
            new AgentUpgrader.Rules(
                settings.upgradeTries(),
                new Backoff(settings.upgradeRetryFirst(), settings.upgradeRetryCap()),
                settings.upgradeForgetAfter()),
            parts.execution().timing(),
            this));
  }

  void start() {
    upgrader.begin();
    loops.values().forEach(runner::start);
  }

  /** Also for a start with a toolbox that was deleted before: then only the reconciler runs. */
  synchronized void leave(Runnable then) {
    if (leaving) {
      return;
    }
    leaving = true;
    reconciler.leave(then);
    runner.end(List.of(HEARTBEAT, MANIFEST, REPORT, DISK_GUARD, UPGRADE));
    if (!runner.isStarted(RECONCILE)) {
      runner.start(loops.get(RECONCILE));
    }
  }

  void wake() {
    runner.wake(MANIFEST);
    lookAgain();
  }

  private Duration beat(Heartbeats heartbeats) throws InterruptedException {
    agent.awaitEngineFacts(ENGINE_ANSWERS_FIRST);
    return heartbeats.beat();
  }

  private Wire.Heartbeat compose(long sequence) {
    var facts = agent.engineFacts();
    var seen = snapshot.get();
    var metrics = Measurement.named(agent.metrics(), Measurement.TOLD, Measurement::camel);
    metrics.put("dockerContainers", facts.runningContainers());
    return new Wire.Heartbeat(
        sequence,
        seen.appliedGeneration(),
        new Wire.Self(
            agent.host().version(),
            agent.host().bootId(),
            agent.uptime().toSeconds(),
            agent.identity().map(Identity::inboundKeyIds).orElse(List.of()),
            agent.image().map(PinnedImage::toString).orElse(null),
            upgrader.shown().orElse(null)),
        new Wire.Engine(
            facts.reachable(), facts.version(), facts.store(), agent.age(facts).toSeconds()),
        metrics,
        seen.tools().stream().map(Wire.ToolBeat::of).toList());
  }

  @Override
  public void manifestGeneration(long generation) {
    if (generation > manifests.fetched()) {
      runner.wake(MANIFEST);
    }
  }

  @Override
  public void backInTouch() {
    runner.wake(MANIFEST);
    runner.wake(REPORT);
  }

  @Override
  public void restartAsked(String commandId) {
    restart("command " + commandId);
  }

  @Override
  public void accepted(boolean dockerReachable, WantedImage wanted) {
    upgrader.accepted(dockerReachable, wanted);
  }

  @Override
  public void found(ToolsSnapshot now) {
    var before = snapshot.getAndSet(now);
    if (before.manifestKnown() != now.manifestKnown()
        || !before.observable().equals(now.observable())) {
      runner.wake(REPORT);
    }
  }

  @Override
  public void lookAgain() {
    runner.wake(RECONCILE);
  }

  @Override
  public void restarted(UUID tool, long restarts) {
    parts.state().updateAnyway(s -> s.restarted(tool, restarts));
  }

  @Override
  public void pulled(String image) {
    var found = parts.docker().images().find(image);
    found.ifPresent(i -> parts.state().updateAnyway(s -> s.pulled(i.id(), image)));
  }

  @Override
  public boolean isActing() {
    return reconciler.isActing();
  }

  @Override
  public void wakeUpgrade() {
    runner.wake(UPGRADE);
  }

  @Override
  public void tellUpgrade() {
    runner.wake(HEARTBEAT);
  }

  @Override
  public void restart(String why) {
    agent.restart(why);
  }

  Optional<Upgrade> upgrade() {
    return upgrader.shown();
  }

  ToolsSnapshot snapshot() {
    return snapshot.get();
  }

  DiskWatch.Report diskReport() {
    return diskWatch.report();
  }

  Attempts attempts() {
    return attempts;
  }
}
