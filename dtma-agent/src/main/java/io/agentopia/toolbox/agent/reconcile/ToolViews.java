package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.tools.Manifest;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the tools look from outside: manifest, observation and work under way in, views out. Pure.
 */
public final class ToolViews {
  /** Docker resets its own restart back-off after as long a run. */
  static final Duration STABLE_AFTER = Duration.ofSeconds(10);

  /** From this many restarts on, a tool that does not stay up counts as failed. */
  static final int CRASH_LOOP = 3;

  private final ToolboxNames names;

  public ToolViews(ToolboxNames names) {
    this.names = names;
  }

  /**
   * @param work actions under way, by key
   * @param failures the failure that stands for a wanted tool, if one does
   */
  public List<ToolView> of(
      Manifest manifest,
      Observed observed,
      Map<String, Action> work,
      Function<WantedTool, Optional<Failure>> failures,
      Instant now) {
    var views = new ArrayList<ToolView>();
    var seen = new HashSet<String>();
    for (var tool : manifest.tools()) {
      var key = tool.toolInstanceId().toString();
      if (seen.add(key)) {
        var container = observed.primary(tool, names).orElse(null);
        var one = new One(tool, container, observed, now);
        views.add(one.view(work.get(key), failures.apply(tool).orElse(null)));
      }
    }
    observed.containers().stream()
        .filter(c -> c.toolInstanceId() != null && seen.add(c.key()))
        .forEach(c -> views.add(plain(c, ToolStatus.REMOVING)));
    return List.copyOf(views);
  }

  /** Before the manifest is known nothing is judged: only what the containers do is told. */
  public List<ToolView> withoutManifest(List<ObservedContainer> containers) {
    return containers.stream()
        .filter(c -> c.toolInstanceId() != null)
        .map(c -> plain(c, statusOf(c.state())))
        .toList();
  }

  private static ToolStatus statusOf(ObservedContainer.State state) {
    return switch (state) {
      case RUNNING -> ToolStatus.RUNNING;
      case RESTARTING, PAUSED -> ToolStatus.RESTARTING;
      case EXITED, DEAD -> ToolStatus.STOPPED;
      case CREATED -> ToolStatus.STARTING;
      case REMOVING -> ToolStatus.REMOVING;
    };
  }

  /**
   * When a view changes though nothing happens: a restarted tool has then stayed up long enough.
   */
  static Optional<Instant> changesAt(List<ObservedContainer> containers, Instant now) {
    return containers.stream()
        .filter(c -> c.state() == ObservedContainer.State.RUNNING && c.run().restartCount() > 0)
        .filter(c -> c.run().startedAt() != null)
        .map(c -> c.run().startedAt().plus(STABLE_AFTER))
        .filter(now::isBefore)
        .min(Instant::compareTo);
  }

  private static ToolView plain(ObservedContainer c, ToolStatus status) {
    return new ToolView(
        c.toolInstanceId(),
        c.origin().toolName(),
        status,
        c.image(),
        c.id(),
        c.run().startedAt(),
        c.run().exitCode(),
        c.run().restartCount(),
        c.origin().revision(),
        c.origin().restarts(),
        c.ports(),
        null,
        null,
        null);
  }

  /** One wanted tool; {@code container} is null when it has none. */
  private record One(WantedTool tool, ObservedContainer container, Observed observed, Instant now) {

    ToolView view(Action work, Failure failure) {
      if (failure != null) {
        return view(ToolStatus.FAILED, tool.revision(), failure);
      }
      if (!tool.wantsRunning()) {
        var alive = container != null && container.state().isAlive();
        return alive
            ? view(ToolStatus.RUNNING, container.origin().revision(), null)
            : view(ToolStatus.STOPPED, tool.revision(), null);
      }
      return switch (work) {
        case Action.Pull _ -> view(ToolStatus.PULLING, tool.revision(), null);
        case Action.Create _, Action.Start _, Action.Replace _ ->
            view(ToolStatus.STARTING, tool.revision(), null);
        case Action.Restart _ -> view(ToolStatus.RESTARTING, tool.revision(), null);
        case null, default ->
            container == null || !container.matches(tool)
                ? view(ToolStatus.STARTING, tool.revision(), null)
                : health();
      };
    }

    private ToolView health() {
      var revision = tool.revision();
      return switch (container.state()) {
        case RUNNING ->
            isStable() ? view(ToolStatus.RUNNING, revision, null) : endedByItself(revision);
        case RESTARTING, EXITED -> endedByItself(revision);
        case PAUSED -> view(ToolStatus.RESTARTING, revision, null);
        case CREATED, REMOVING, DEAD -> view(ToolStatus.STARTING, revision, null);
      };
    }

    private boolean isStable() {
      return container.run().restartCount() == 0
          || container.run().startedAt() == null
          || !now.isBefore(container.run().startedAt().plus(STABLE_AFTER));
    }

    private ToolView endedByItself(long revision) {
      return container.run().restartCount() >= CRASH_LOOP
          ? view(ToolStatus.FAILED, revision, crashLoop())
          : view(ToolStatus.RESTARTING, revision, null);
    }

    private Failure crashLoop() {
      var how =
          container.run().outOfMemory()
              ? "was killed because it used more than its "
                  + tool.spec().limits().memoryMb()
                  + " MiB of memory"
              : "ended with exit code " + container.run().exitCode();
      var next =
          container.run().outOfMemory()
              ? "Give the tool more memory, or find out why it needs so much."
              : "Read the log tail, then correct the tool's command, environment or image.";
      var message =
          "Running tool '%s' (container %s, image %s): it %s each time it was started and Docker keeps restarting it. %s"
              .formatted(tool.name(), container.name(), container.image(), how, next);
      return new Failure(ErrorCode.EXITED, message, null);
    }

    private ToolView view(ToolStatus status, long revision, Failure failure) {
      var steady = status == ToolStatus.RUNNING;
      return new ToolView(
          tool.toolInstanceId(),
          tool.name(),
          status,
          container == null ? tool.image() : container.image(),
          container == null ? null : container.id(),
          container == null ? null : container.run().startedAt(),
          container == null || steady ? null : container.run().exitCode(),
          container == null ? 0 : container.run().restartCount(),
          revision,
          restarts(status),
          container == null ? null : container.ports(),
          failure == null ? null : failure.code(),
          failure == null ? null : failure.message(),
          failure == null ? null : failure.logTail());
    }

    /** A tool that is stopped, or made anew, has nothing left to restart. */
    private long restarts(ToolStatus status) {
      return container == null || status == ToolStatus.STOPPED || !container.matches(tool)
          ? tool.restarts()
          : observed.restartsOf(container);
    }
  }
}
