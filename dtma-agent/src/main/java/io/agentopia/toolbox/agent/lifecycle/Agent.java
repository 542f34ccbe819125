package io.agentopia.toolbox.agent.lifecycle;

import io.agentopia.toolbox.agent.backend.ControlPlane;
import io.agentopia.toolbox.agent.backend.ControlPlaneSession;
import io.agentopia.toolbox.agent.backend.Heartbeats;
import io.agentopia.toolbox.agent.backend.Joining;
import io.agentopia.toolbox.agent.disk.DiskGuard;
import io.agentopia.toolbox.agent.disk.DiskWatch;
import io.agentopia.toolbox.agent.docker.DockerGateway;
import io.agentopia.toolbox.agent.docker.EngineFactsWatch;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.loop.Loops;
import io.agentopia.toolbox.agent.metrics.Measurement;
import io.agentopia.toolbox.agent.reconcile.ToolsSnapshot;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.upgrade.Upgrade;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The agent's life: joins unless it has joined, then works until it is stopped, or until the
 * control plane says that the toolbox is gone.
 */
public final class Agent {
  /** Exit codes: the supervisor starts the agent again after 0, and need not after the others. */
  public static final int EXIT_RESTART = 0;

  public static final int EXIT_MISCONFIGURED = 2;
  public static final int EXIT_DELETED = 3;

  private static final Logger LOG = Logger.getLogger(Agent.class);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

  /** What the agent is built of. */
  public record Parts(
      AgentSettings settings,
      Droplet droplet,
      StateStore state,
      ControlPlane controlPlane,
      DockerGateway docker,
      Execution execution) {}

  private final Parts parts;
  private final Instant startedAt;
  private final EngineFactsWatch engine;
  private final ControlPlaneSession session;
  private final DiskGuard diskGuard;
  private final Optional<PinnedImage> image;
  private volatile AgentLoops joined;
  private volatile Heartbeats.Condition heartbeat;
  private boolean stopped;

  public Agent(Parts parts) {
    var settings = parts.settings();
    var timing = parts.execution().timing();
    this.parts = parts;
    this.startedAt = timing.now();
    this.engine = new EngineFactsWatch(parts.docker(), timing.clock());
    this.image = ownImage().flatMap(PinnedImage::parse);
    this.diskGuard =
        new DiskGuard(
            new DiskGuard.Rules(
                settings.diskGuardStartPercent(),
                settings.diskGuardStopPercent(),
                settings.diskGuardMinimumAge()));
    this.session =
        new ControlPlaneSession(
            parts.controlPlane(),
            parts.state(),
            timing,
            new ControlPlaneSession.Pauses(
                new Backoff(settings.retryFirst(), settings.retryCap()),
                new Backoff(settings.retryFirst(), settings.refusedRetryCap())),
            this::gone);
  }

  public synchronized void start() {
    metrics();
    loops()
        .start(Loop.callingDocker("dtma-engine-facts", parts.settings().factsEvery(), engine::ask));
    var state = parts.state().current();
    if (state.membership().deleted()) {
      LOG.warn("Toolbox was deleted, the agent removes what is left and ends");
      leave(state.identity());
    } else if (state.identity() != null) {
      LOG.infof(
          "Agent continues toolboxId=%s generation=%d highestManifest=%d",
          state.identity().toolboxId(), state.identity().generation(), highestManifest());
      begin(state.identity());
    } else {
      join();
    }
  }

  private void join() {
    var token = parts.settings().joinToken().filter(t -> !t.isBlank());
    if (token.isEmpty()) {
      LOG.errorf(
          "Agent cannot join: DTMA_JOIN_TOKEN is not set and there is no identity in %s."
              + " Set the token that the control plane made for this droplet, and start again",
          parts.settings().stateDir());
      parts.execution().exit().accept(EXIT_MISCONFIGURED);
      return;
    }
    var host = host();
    var self =
        new Joining.Self(host.version(), host.hostname(), host.bootId(), parts.settings().port());
    var joining = new Joining(session, token.get(), self, parts.execution()::newNonce, this::begin);
    loops().start(Loop.callingOut("dtma-join", joining::attempt));
  }

  private synchronized void begin(Identity identity) {
    if (!stopped && joined == null) {
      joined = new AgentLoops(parts, session, identity, this);
      joined.start();
    }
  }

  /** 410: the tools go, then the agent. Noted first, so that a restart carries on with it. */
  private void gone(String detail) {
    LOG.warnf("Toolbox is deleted, the agent removes its tools and ends found=\"%s\"", detail);
    parts.state().updateAnyway(s -> s.asDeleted());
    leave(parts.state().current().identity());
  }

  private synchronized void leave(Identity identity) {
    if (identity == null) {
      parts.execution().exit().accept(EXIT_DELETED);
      return;
    }
    if (joined == null) {
      joined = new AgentLoops(parts, session, identity, this);
    }
    joined.leave(() -> parts.execution().exit().accept(EXIT_DELETED));
  }

  /** Ends the process cleanly; the supervisor starts it again. */
  public void restart(String why) {
    LOG.infof("Agent ends to be started again why=\"%s\"", why);
    parts.execution().exit().accept(EXIT_RESTART);
  }

  /** Look at the manifest and at the containers now. */
  public void wake() {
    var current = joined;
    if (current != null) {
      current.wake();
    }
  }

  /** Tools keep running. */
  public void stop() throws InterruptedException {
    synchronized (this) {
      stopped = true;
    }
    loops().stop(STOP_WITHIN);
    parts.execution().actions().close();
  }

  private Loops loops() {
    return parts.execution().loops();
  }

  void told(Heartbeats.Condition condition) {
    heartbeat = condition;
  }

  /** Empty until joined, and after the toolbox was deleted. */
  public Optional<Identity> identity() {
    return Optional.ofNullable(parts.state().current().identity()).filter(Identity::isComplete);
  }

  public ToolsSnapshot tools() {
    var current = joined;
    return current == null ? ToolsSnapshot.nothingYet(0, startedAt) : current.snapshot();
  }

  /** What {@code DTMA_IMAGE} says. */
  Optional<String> ownImage() {
    return parts.settings().image().filter(i -> !i.isBlank());
  }

  /** The image that the agent runs from, by digest; empty when it does not know. */
  public Optional<PinnedImage> image() {
    return image;
  }

  /** How the move to another image goes, if there is anything to say. */
  public Optional<Upgrade> upgrade() {
    var current = joined;
    return current == null ? Optional.empty() : current.upgrade();
  }

  public Optional<Heartbeats.Condition> heartbeat() {
    return Optional.ofNullable(heartbeat);
  }

  DiskGuard diskGuard() {
    return diskGuard;
  }

  public DiskWatch.Report diskReport() {
    var current = joined;
    return current == null ? DiskWatch.Report.nothingYet() : current.diskReport();
  }

  public EngineFactsWatch.Facts engineFacts() {
    return engine.current();
  }

  void awaitEngineFacts(Duration limit) throws InterruptedException {
    engine.awaitFirst(limit);
  }

  public Duration age(EngineFactsWatch.Facts facts) {
    return engine.age(facts);
  }

  public Map<Measurement, Number> metrics() {
    return parts.droplet().metrics().get();
  }

  public Duration uptime() {
    return Duration.between(startedAt, parts.execution().timing().now());
  }

  public long highestManifest() {
    return parts.state().current().progress().highestManifest();
  }

  public long actionsDone() {
    var current = joined;
    return current == null ? 0 : current.attempts().done();
  }

  public long actionsFailed() {
    var current = joined;
    return current == null ? 0 : current.attempts().failed();
  }

  public Host host() {
    return parts.droplet().host();
  }

  public DockerGateway docker() {
    return parts.docker();
  }
}
