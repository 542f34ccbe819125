package io.agentopia.toolbox.agent;

import io.agentopia.toolbox.agent.backend.ControlPlane;
import io.agentopia.toolbox.agent.backend.Heartbeats;
import io.agentopia.toolbox.agent.backend.Joining;
import io.agentopia.toolbox.agent.backend.Link;
import io.agentopia.toolbox.agent.disk.DiskGuard;
import io.agentopia.toolbox.agent.disk.DiskWatch;
import io.agentopia.toolbox.agent.docker.DockerGateway;
import io.agentopia.toolbox.agent.docker.EngineFactsWatch;
import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Loop;
import io.agentopia.toolbox.agent.metrics.SystemMetrics;
import io.agentopia.toolbox.agent.reconcile.Outlook;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import io.agentopia.toolbox.agent.upgrade.Upgrade;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
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
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_BYTES = 32;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

  /** What the agent is built of. */
  public record Parts(
      AgentSettings settings,
      Host host,
      StateStore state,
      ControlPlane controlPlane,
      DockerGateway docker,
      Clock clock,
      IntConsumer exit) {}

  private final Parts parts;
  private final Instant startedAt;
  private final SystemMetrics metrics;
  private final EngineFactsWatch engine;
  private final Link link;
  private final DiskGuard diskGuard;
  private final List<Loop> loops = new ArrayList<>();
  private volatile Work work;
  private volatile Heartbeats.Condition heartbeat;
  private boolean stopped;

  public Agent(Parts parts) {
    var settings = parts.settings();
    this.parts = parts;
    this.startedAt = parts.clock().instant();
    this.metrics = new SystemMetrics(settings.procDir(), settings.diskPath(), parts.clock());
    this.engine = new EngineFactsWatch(parts.docker(), parts.clock(), settings.factsEvery());
    this.diskGuard =
        new DiskGuard(
            new DiskGuard.Rules(
                settings.diskGuardStartPercent(),
                settings.diskGuardStopPercent(),
                settings.diskGuardMinimumAge()));
    this.link =
        new Link(
            parts.controlPlane(),
            parts.state(),
            parts.clock(),
            RANDOM::nextDouble,
            new Backoff(settings.retryFirst(), settings.retryCap()),
            new Backoff(settings.retryFirst(), settings.refusedRetryCap()),
            this::gone);
  }

  public synchronized void start() {
    metrics.sample();
    add(Loop.platform("dtma-engine-facts", engine::ask));
    var state = parts.state().current();
    if (state.deleted()) {
      LOG.warn("Toolbox was deleted, the agent removes what is left and ends");
      leave(state.identity());
    } else if (state.identity() != null) {
      LOG.infof(
          "Agent continues toolboxId=%s generation=%d highestManifest=%d",
          state.identity().toolboxId(), state.identity().generation(), state.highestManifest());
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
      parts.exit().accept(EXIT_MISCONFIGURED);
      return;
    }
    var host = parts.host();
    var self =
        new Joining.Self(host.version(), host.hostname(), host.bootId(), parts.settings().port());
    var joining = new Joining(link, token.get(), self, Agent::newNonce, this::begin);
    add(Loop.virtual("dtma-join", joining::attempt));
  }

  private synchronized void begin(Identity identity) {
    if (!stopped && work == null) {
      work = new Work(parts, link, identity, this);
      work.start();
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
      parts.exit().accept(EXIT_DELETED);
      return;
    }
    if (work == null) {
      work = new Work(parts, link, identity, this);
    }
    work.leave(() -> parts.exit().accept(EXIT_DELETED));
  }

  /** Ends the process cleanly; the supervisor starts it again. */
  public void restart(String why) {
    LOG.infof("Agent ends to be started again why=\"%s\"", why);
    parts.exit().accept(EXIT_RESTART);
  }

  /** Look at the manifest and at the containers now. */
  public void wake() {
    var current = work;
    if (current != null) {
      current.wake();
    }
  }

  /** Tools keep running. */
  public void stop() throws InterruptedException {
    List<Loop> all;
    synchronized (this) {
      stopped = true;
      all = new ArrayList<>(loops);
      if (work != null) {
        all.addAll(work.loops());
        work.close();
      }
    }
    all.forEach(Loop::close);
    var deadline = System.nanoTime() + STOP_WITHIN.toNanos();
    for (var loop : all) {
      loop.join(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())));
    }
  }

  private void add(Loop loop) {
    loops.add(loop);
    loop.start();
  }

  void told(Heartbeats.Condition condition) {
    heartbeat = condition;
  }

  /** Empty until joined, and after the toolbox was deleted. */
  public Optional<Identity> identity() {
    return Optional.ofNullable(parts.state().current().identity()).filter(Identity::isComplete);
  }

  public Outlook outlook() {
    var current = work;
    return current == null ? Outlook.nothingYet(0, startedAt) : current.outlook();
  }

  /** What {@code DTMA_IMAGE} says. */
  Optional<String> ownImage() {
    return parts.settings().image().filter(i -> !i.isBlank());
  }

  /** The image that the agent runs from, by digest; empty when it does not know. */
  public Optional<String> image() {
    return ownImage().flatMap(PinnedImage::parse).map(PinnedImage::toString);
  }

  /** How the move to another image goes, if there is anything to say. */
  public Optional<Upgrade> upgrade() {
    var current = work;
    return current == null ? Optional.empty() : current.upgrade();
  }

  public Optional<Heartbeats.Condition> heartbeat() {
    return Optional.ofNullable(heartbeat);
  }

  DiskGuard diskGuard() {
    return diskGuard;
  }

  public DiskWatch.Report diskReport() {
    var current = work;
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

  public SystemMetrics.Sample metrics() {
    return metrics.sample();
  }

  public Duration uptime() {
    return Duration.between(startedAt, parts.clock().instant());
  }

  public long highestManifest() {
    return parts.state().current().highestManifest();
  }

  /** Done and failed actions since the start. */
  public long[] actions() {
    var current = work;
    return current == null ? new long[] {0, 0} : current.actions();
  }

  public Host host() {
    return parts.host();
  }

  public DockerGateway docker() {
    return parts.docker();
  }

  private static String newNonce() {
    var bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
