package io.agentopia.toolbox.agent;

import io.agentopia.toolbox.agent.backend.Heartbeats;
import io.agentopia.toolbox.agent.backend.Link;
import io.agentopia.toolbox.agent.backend.ManifestSync;
import io.agentopia.toolbox.agent.backend.Reports;
import io.agentopia.toolbox.agent.backend.Wire;
import io.agentopia.toolbox.agent.disk.DiskSpace;
import io.agentopia.toolbox.agent.disk.DiskWatch;
import io.agentopia.toolbox.agent.docker.CheckedPull;
import io.agentopia.toolbox.agent.docker.DockerEvents;
import io.agentopia.toolbox.agent.docker.Labels;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.reconcile.ActionRunner;
import io.agentopia.toolbox.agent.reconcile.Outlook;
import io.agentopia.toolbox.agent.reconcile.ReconcilePlanner;
import io.agentopia.toolbox.agent.reconcile.Reconciler;
import io.agentopia.toolbox.agent.reconcile.RetryBook;
import io.agentopia.toolbox.agent.reconcile.ToolboxNames;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.upgrade.HostFiles;
import io.agentopia.toolbox.agent.upgrade.Mover;
import io.agentopia.toolbox.agent.upgrade.Upgrade;
import io.agentopia.toolbox.agent.upgrade.WantedImage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** What a joined agent does, each on a loop of its own, and who wakes whom. */
final class Work implements Heartbeats.Listener, AutoCloseable {
  /** After the first answer this waits no more. */
  private static final Duration ENGINE_ANSWERS_FIRST = Duration.ofSeconds(2);

  private final Agent agent;
  private final AtomicReference<Outlook> outlook;
  private final Reconciler reconciler;
  private final ManifestSync manifests;
  private final DiskWatch diskWatch;
  private final Loop reconcileLoop;
  private final Loop eventLoop;
  private final Loop heartbeatLoop;
  private final Loop manifestLoop;
  private final Loop reportLoop;
  private final Loop diskLoop;
  private final Mover mover;
  private final Loop moveLoop;
  private boolean leaving;

  Work(Agent.Parts parts, Link link, Identity identity, Agent agent) {
    var settings = parts.settings();
    this.agent = agent;
    this.outlook =
        new AtomicReference<>(
            Outlook.nothingYet(parts.state().current().appliedManifest(), parts.clock().instant()));
    this.reconciler = reconciler(parts, link, identity);
    this.manifests = new ManifestSync(link, settings.manifestEvery(), reconciler::want);
    this.mover = mover(parts, link);
    this.diskWatch = diskWatch(parts);
    var heartbeats = new Heartbeats(link, this::compose, this, agent::told);
    var reports = new Reports(link, outlook::get);
    var events = new DockerEvents(parts.docker(), identity.toolboxId(), parts.clock(), this::look);
    this.reconcileLoop = Loop.platform("dtma-reconcile", reconciler::pass);
    this.eventLoop = Loop.platform("dtma-docker-events", events::listen);
    this.heartbeatLoop =
        Loop.virtual(
            "dtma-heartbeat",
            () -> {
              agent.awaitEngineFacts(ENGINE_ANSWERS_FIRST);
              return heartbeats.beat();
            });
    this.manifestLoop = Loop.virtual("dtma-manifest", manifests::fetch);
    this.reportLoop = Loop.virtual("dtma-report", reports::send);
    this.diskLoop = Loop.platform("dtma-disk-guard", diskWatch::look);
    this.moveLoop = Loop.platform("dtma-upgrade", mover::step);
  }

  private Reconciler reconciler(Agent.Parts parts, Link link, Identity identity) {
    var settings = parts.settings();
    var names = new ToolboxNames(identity.toolboxId());
    var runner =
        new ActionRunner(
            parts.docker(),
            names,
            settings.extraLabels().map(Labels::parse).orElseGet(java.util.Map::of),
            settings.pullLimit(),
            settings.stopGrace(),
            (tool, restarts) -> parts.state().updateAnyway(s -> s.restarted(tool, restarts)),
            image -> notePulled(parts, image));
    return new Reconciler(
        new Reconciler.Parts(
            identity.toolboxId(),
            parts.docker(),
            runner,
            new ReconcilePlanner(names, settings.port()),
            new RetryBook(
                new Backoff(settings.toolRetryFirst(), settings.toolRetryCap()), link.random()),
            parts.state(),
            parts.clock(),
            link.random(),
            settings.lookEvery(),
            this::seen,
            this::look));
  }

  private static void notePulled(Agent.Parts parts, String image) {
    parts
        .docker()
        .images()
        .find(image)
        .ifPresent(found -> parts.state().updateAnyway(s -> s.pulled(found.id(), image)));
  }

  private DiskWatch diskWatch(Agent.Parts parts) {
    var settings = parts.settings();
    return new DiskWatch(
        new DiskWatch.Parts(
            agent.diskGuard(),
            parts.docker().images(),
            parts.state(),
            () -> DiskSpace.read(settings.diskPath()),
            reconciler::wantedImages,
            this::agentImages,
            parts.clock(),
            settings.diskGuardEvery()));
  }

  /** What DTMA_IMAGE says may be a tag, of which only the disk guard makes use. */
  private Set<String> agentImages() {
    var all = new HashSet<>(mover.images());
    agent.ownImage().ifPresent(all::add);
    return all;
  }

  private Mover mover(Agent.Parts parts, Link link) {
    var settings = parts.settings();
    return new Mover(
        new Mover.Parts(
            agent.ownImage().flatMap(PinnedImage::parse),
            parts.state(),
            new HostFiles(settings.stateDir()),
            new CheckedPull(parts.docker(), settings.pullLimit(), i -> notePulled(parts, i)),
            reconciler::isActing,
            new Mover.Rules(
                settings.upgradeTries(),
                new Backoff(settings.upgradeRetryFirst(), settings.upgradeRetryCap()),
                settings.upgradeForgetAfter()),
            parts.clock(),
            link.random(),
            () -> moveLoop().wake(),
            this::beat,
            agent::restart));
  }

  private Loop moveLoop() {
    return moveLoop;
  }

  /** Reached before the loop exists while what came of the last move is read. */
  private void beat() {
    if (heartbeatLoop != null && heartbeatLoop.isStarted()) {
      heartbeatLoop.wake();
    }
  }

  void start() {
    mover.begin();
    loops().forEach(Loop::start);
  }

  List<Loop> loops() {
    return List.of(
        heartbeatLoop, manifestLoop, reportLoop, eventLoop, reconcileLoop, diskLoop, moveLoop);
  }

  /** Also for a start with a toolbox that was deleted before: then only the reconciler runs. */
  synchronized void leave(Runnable then) {
    if (leaving) {
      return;
    }
    leaving = true;
    var working = reconcileLoop.isStarted();
    reconciler.leave(then);
    if (working) {
      List.of(heartbeatLoop, manifestLoop, reportLoop, diskLoop, moveLoop).forEach(Loop::close);
    } else {
      reconcileLoop.start();
    }
  }

  void wake() {
    manifestLoop.wake();
    look();
  }

  /**
   * Reached before the loops exist only in tests of a broken order: the first pass looks anyway.
   */
  private void look() {
    if (reconcileLoop != null) {
      reconcileLoop.wake();
    }
  }

  private void seen(Outlook found) {
    var before = outlook.getAndSet(found);
    if (before.manifestKnown() != found.manifestKnown()
        || !before.observable().equals(found.observable())) {
      reportLoop.wake();
    }
  }

  private Wire.Heartbeat compose(long sequence) {
    var facts = agent.engineFacts();
    var sample = agent.metrics();
    var seen = outlook.get();
    return new Wire.Heartbeat(
        sequence,
        agent.host().version(),
        agent.host().bootId(),
        agent.uptime().toSeconds(),
        seen.appliedGeneration(),
        facts.reachable(),
        facts.version(),
        facts.store(),
        agent.age(facts).toSeconds(),
        new Wire.Metrics(
            sample.cpuPercent(),
            sample.memoryPercent(),
            sample.diskPercent(),
            sample.memoryTotalBytes(),
            sample.diskTotalBytes(),
            facts.runningContainers()),
        seen.tools().stream().map(Wire.ToolBeat::of).toList(),
        agent.identity().map(Identity::inboundKeyIds).orElse(List.of()),
        agent.image().orElse(null),
        mover.shown().orElse(null));
  }

  @Override
  public void manifestGeneration(long generation) {
    if (generation > manifests.fetched()) {
      manifestLoop.wake();
    }
  }

  @Override
  public void backInTouch() {
    manifestLoop.wake();
    reportLoop.wake();
  }

  @Override
  public void restartAsked(String commandId) {
    agent.restart("command " + commandId);
  }

  @Override
  public void accepted(boolean dockerReachable, WantedImage wanted) {
    mover.accepted(dockerReachable, wanted);
  }

  Optional<Upgrade> upgrade() {
    return mover.shown();
  }

  Outlook outlook() {
    return outlook.get();
  }

  DiskWatch.Report diskReport() {
    return diskWatch.report();
  }

  long[] actions() {
    return new long[] {reconciler.actionsDone(), reconciler.actionsFailed()};
  }

  @Override
  public void close() {
    reconciler.close();
  }
}
