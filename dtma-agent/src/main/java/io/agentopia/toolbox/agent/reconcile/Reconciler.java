package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.docker.DockerGateway;
import io.agentopia.toolbox.agent.docker.DockerRefusal;
import io.agentopia.toolbox.agent.docker.DockerUnavailable;
import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Retries;
import io.agentopia.toolbox.agent.loop.Timing;
import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Makes the droplet's containers what the manifest says. {@link #pass()} looks, plans, has the
 * actions carried out and tells what it found; it is run again when an action ends, an event comes,
 * the manifest changes, a back-off is over, and every so often anyway.
 */
public final class Reconciler {
  private static final Logger LOG = Logger.getLogger(Reconciler.class);

  /** Who wants to know. */
  public interface Listener {
    void found(ToolsSnapshot snapshot);

    /** Something may be different: {@link #pass()} shall be run now. */
    void lookAgain();
  }

  /** What the reconciler is built of. */
  public record Parts(
      ToolboxNames names,
      DockerGateway docker,
      StateStore state,
      ReconcilePlanner planner,
      Attempts attempts,
      Timing timing,
      Listener listener) {}

  private final Parts parts;
  private final Duration lookEvery;
  private final ToolViews views;
  private final CrashNotes crashes;
  private final Backoff engineBackoff;
  private final Retries looks;
  private final Attempts attempts;
  private volatile Manifest manifest;
  private volatile Runnable whenEmpty;
  private Observed lastSeen;

  public Reconciler(Parts parts, Duration lookEvery) {
    this.parts = parts;
    this.lookEvery = lookEvery;
    this.views = new ToolViews(parts.names());
    this.crashes = new CrashNotes(id -> ActionRunner.tail(parts.docker(), id));
    this.attempts = parts.attempts();
    this.engineBackoff = new Backoff(Duration.ofSeconds(1), lookEvery);
    this.looks = new Retries(parts.timing());
  }

  public void want(Manifest wanted) {
    manifest = wanted;
    parts.listener().lookAgain();
  }

  /** Removes everything of this toolbox, then runs {@code then}. */
  public void leave(Runnable then) {
    manifest = Manifest.empty(toolboxId(), 0);
    whenEmpty = then;
    parts.listener().lookAgain();
  }

  /** The images that the manifest names, or empty as long as it is not known. */
  public Optional<Set<String>> wantedImages() {
    return Optional.ofNullable(manifest).map(Reconciler::images);
  }

  private static Set<String> images(Manifest wanted) {
    return wanted.tools().stream()
        .map(WantedTool::image)
        .filter(i -> i != null && !i.isBlank())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether something is being done to a container; a pull only fetches. */
  public boolean isActing() {
    return attempts.underWay().values().stream().anyMatch(a -> !(a instanceof Action.Pull));
  }

  public long actionsDone() {
    return attempts.done();
  }

  public long actionsFailed() {
    return attempts.failed();
  }

  /** Returns when to pass again, or null when there is nothing left to do for ever. */
  public Duration pass() {
    var wanted = manifest;
    // Taken before looking: what ends in between is judged by the next look, not by this one.
    var busy = attempts.busy();
    Observed observed;
    try {
      observed = look(wanted);
    } catch (DockerUnavailable | DockerRefusal e) {
      return engineAway(wanted, e);
    }
    looks.succeeded();
    lastSeen = observed;
    var now = parts.timing().now();
    if (wanted == null) {
      var tools = views.withoutManifest(observed.containers());
      tell(now, null, tools);
      return lookEvery;
    }
    var plan = parts.planner().plan(wanted, observed);
    plan.stream()
        .filter(a -> !busy.contains(a.key()))
        .forEach(a -> attempts.consider(a, now, parts.listener()::lookAgain));
    forgetWhoIsGone(wanted, observed);
    if (whenEmpty != null) {
      return leaveIfEmpty(observed);
    }
    noteApplied(wanted, plan);
    tell(
        now,
        wanted,
        withTails(views.of(wanted, observed, attempts.underWay(), attempts::failure, now)));
    return nextLook(observed, now);
  }

  private Observed look(Manifest wanted) {
    var containers = crashes.enrich(parts.docker().list(toolboxId()));
    var images = new HashSet<String>();
    if (wanted != null) {
      images(wanted).stream().filter(parts.docker()::hasImage).forEach(images::add);
    }
    return new Observed(containers, images, parts.state().current().progress().restartsDone());
  }

  private void forgetWhoIsGone(Manifest wanted, Observed observed) {
    var known =
        Stream.concat(
                wanted.tools().stream().map(t -> t.toolInstanceId().toString()),
                observed.containers().stream().map(ObservedContainer::key))
            .toList();
    attempts.retries().retain(known);
  }

  private void noteApplied(Manifest wanted, List<Action> plan) {
    var busy = attempts.busy();
    if (plan.stream().allMatch(a -> attempts.isSettled(a, busy))) {
      var tools = wanted.tools().stream().map(WantedTool::toolInstanceId).toList();
      parts
          .state()
          .updateAnyway(s -> s.appliedManifest(wanted.generation()).keepingRestartsOf(tools));
    }
  }

  private Duration leaveIfEmpty(Observed observed) {
    if (isActing() || !observed.containers().isEmpty()) {
      return Duration.ofSeconds(2);
    }
    try {
      parts.docker().removeNetwork(parts.names().network(), toolboxId());
    } catch (DockerUnavailable | DockerRefusal e) {
      LOG.warnf("Network not removed, tried again found=\"%s\"", e.getMessage());
      return looks.failed(engineBackoff);
    }
    LOG.infof("Toolbox emptied, no container is left toolboxId=%s", toolboxId());
    whenEmpty.run();
    return null;
  }

  private Duration engineAway(Manifest wanted, RuntimeException e) {
    var pause = looks.failed(engineBackoff);
    LOG.warnf(
        "Docker does not answer, looks again failures=%d found=\"%s\"",
        looks.failures(), e.getMessage());
    var now = parts.timing().now();
    if (wanted != null && whenEmpty == null) {
      var seen =
          lastSeen == null
              ? new Observed(List.of(), Set.of(), parts.state().current().progress().restartsDone())
              : lastSeen;
      var away =
          new Failure(
              ErrorCode.DOCKER_UNAVAILABLE,
              e.getMessage() + ". Look at the Docker service on the droplet.",
              null);
      // A container seen before may well still run: of those nothing new is said.
      tell(
          now,
          wanted,
          views.of(
              wanted,
              seen,
              attempts.underWay(),
              t ->
                  seen.of(t).isEmpty() && t.wantsRunning()
                      ? Optional.of(away)
                      : attempts.failure(t),
              now));
    }
    return pause;
  }

  private List<ToolView> withTails(List<ToolView> tools) {
    return tools.stream()
        .map(
            t ->
                t.exitCode() == null || t.logTail() != null
                    ? t
                    : t.withLogTail(crashes.logTail(t.containerId())))
        .toList();
  }

  private void tell(Instant now, Manifest wanted, List<ToolView> tools) {
    var applied = parts.state().current().progress().appliedManifest();
    var generation = wanted == null ? 0 : wanted.generation();
    parts.listener().found(new ToolsSnapshot(now, wanted != null, generation, applied, tools));
  }

  private Duration nextLook(Observed observed, Instant now) {
    var times =
        Stream.of(attempts.retries().earliest(now), ToolViews.changesAt(observed.containers(), now))
            .flatMap(Optional::stream);
    var pause = times.map(t -> Duration.between(now, t)).min(Duration::compareTo);
    return pause.filter(p -> p.compareTo(lookEvery) < 0).orElse(lookEvery);
  }

  private UUID toolboxId() {
    return parts.names().toolboxId();
  }
}
