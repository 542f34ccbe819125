package io.agentopia.toolbox.agent.reconcile;

import io.agentopia.toolbox.agent.docker.CheckedPull;
import io.agentopia.toolbox.agent.docker.ContainerRequest;
import io.agentopia.toolbox.agent.docker.DockerGateway;
import io.agentopia.toolbox.agent.docker.DockerRefusal;
import io.agentopia.toolbox.agent.docker.DockerUnavailable;
import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.WantedTool;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Carries out one action; a failure is a value. Every action may be run again. */
public final class ActionRunner {
  /** What no label can record. */
  public interface Notes {
    /** A restart was made in place. */
    void restarted(UUID tool, long restarts);

    /** An image was not there and now is. */
    void pulled(String image);
  }

  /**
   * @param extraLabels on every container besides the agent's own
   */
  public record Rules(Map<String, String> extraLabels, Duration pullLimit, Duration stopGrace) {}

  static final int TAIL_LINES = 50;
  static final int TAIL_BYTES = 4_000;

  private final DockerGateway docker;
  private final ToolboxNames names;
  private final Rules rules;
  private final Notes notes;

  public ActionRunner(DockerGateway docker, ToolboxNames names, Rules rules, Notes notes) {
    this.docker = docker;
    this.names = names;
    this.rules = rules;
    this.notes = notes;
  }

  public Optional<Failure> run(Action action) {
    try {
      perform(action);
      return Optional.empty();
    } catch (DockerUnavailable e) {
      return Optional.of(
          new Failure(
              ErrorCode.DOCKER_UNAVAILABLE,
              e.getMessage()
                  + ". The agent tries again; look at the Docker service on the droplet.",
              null));
    } catch (ReplacementNotStarted e) {
      return Optional.of(startFailed(e.refusal));
    } catch (DockerRefusal e) {
      return Optional.of(refused(action, e));
    }
  }

  /** The new container of a replacement could be made but not started; the old one is back. */
  private static final class ReplacementNotStarted extends RuntimeException {
    private final transient DockerRefusal refusal;

    ReplacementNotStarted(DockerRefusal refusal) {
      super(refusal);
      this.refusal = refusal;
    }
  }

  private void perform(Action action) {
    switch (action) {
      case Action.Pull pull ->
          new CheckedPull(docker, rules.pullLimit(), notes::pulled).run(pull.tool().image());
      case Action.Create create -> create(create.tool(), names.container(create.tool()));
      case Action.Start start -> start(start);
      case Action.Stop stop -> docker.stop(stop.container().id(), rules.stopGrace());
      case Action.Restart restart -> {
        docker.restart(restart.container().id(), rules.stopGrace());
        note(restart.tool(), restart.container());
      }
      case Action.Replace replace -> replace(replace);
      case Action.Rename rename ->
          docker.rename(rename.container().id(), names.container(rename.tool()));
      case Action.Remove remove -> {
        docker.stop(remove.container().id(), rules.stopGrace());
        docker.remove(remove.container().id());
      }
      case Action.Refuse refuse ->
          throw new DockerRefusal(
              DockerRefusal.Kind.OTHER,
              "making a container for tool " + refuse.tool().toolInstanceId() + ": " + refuse.why(),
              null);
      case Action.Nothing _ -> {}
    }
  }

  /**
   * A container whose network was removed (network prune) can never start again: it goes, and the
   * next pass makes another.
   */
  private void start(Action.Start start) {
    docker.ensureNetwork(names.network(), names.toolboxId());
    try {
      docker.start(start.container().id());
    } catch (DockerRefusal e) {
      if (e.kind() == DockerRefusal.Kind.NOT_FOUND) {
        docker.remove(start.container().id());
      }
      throw e;
    }
    note(start.tool(), start.container());
  }

  private void note(WantedTool tool, ObservedContainer container) {
    if (tool.restarts() > container.origin().restarts()) {
      notes.restarted(tool.toolInstanceId(), tool.restarts());
    }
  }

  private String create(WantedTool tool, String name) {
    docker.ensureNetwork(names.network(), names.toolboxId());
    return docker.create(
        new ContainerRequest(name, names.network(), names.toolboxId(), tool, rules.extraLabels()));
  }

  /**
   * The old container goes only when the new one runs: a revision that cannot be made or started
   * costs a moment, not the tool. After a crash in between the planner sees two containers, removes
   * the one without the name, and replaces again.
   */
  private void replace(Action.Replace replace) {
    var tool = replace.tool();
    var old = replace.old();
    var fresh = create(tool, names.replacement(tool));
    docker.stop(old.id(), rules.stopGrace());
    try {
      docker.start(fresh);
    } catch (DockerRefusal e) {
      docker.remove(fresh);
      if (old.state().isAlive()) {
        docker.start(old.id());
      }
      throw new ReplacementNotStarted(e);
    }
    docker.remove(old.id());
    docker.rename(fresh, names.container(tool));
  }

  private Failure refused(Action action, DockerRefusal refusal) {
    return switch (action) {
      case Action.Pull _ -> pullFailed(refusal);
      case Action.Create _, Action.Refuse _, Action.Replace _ -> createFailed(refusal);
      case Action.Start start -> startFailed(refusal, start.container());
      case Action.Restart restart -> startFailed(refusal, restart.container());
      case Action.Stop _, Action.Remove _, Action.Rename _, Action.Nothing _ ->
          startFailed(refusal);
    };
  }

  private Failure pullFailed(DockerRefusal refusal) {
    if (refusal.kind() == DockerRefusal.Kind.TOO_OLD) {
      return failure(
          ErrorCode.ENGINE_TOO_OLD,
          refusal,
          engine()
              + " on this droplet cannot unpack the image's layers (zstd); recreate the"
              + " toolbox, which gives it a newer engine, or deploy an image with gzip layers.");
    }
    return refusal.kind() == DockerRefusal.Kind.NOT_FOUND
        ? failure(
            ErrorCode.IMAGE_NOT_FOUND,
            refusal,
            "Check the image's name and tag, and that the registry lets this droplet read it.")
        : failure(
            ErrorCode.IMAGE_PULL_FAILED,
            refusal,
            "The agent tries again; check that the droplet reaches the registry and has disk left.");
  }

  /** For people; it has just answered, but may not any more. */
  private String engine() {
    try {
      return "Docker " + docker.facts().version();
    } catch (DockerUnavailable | DockerRefusal e) {
      return "The Docker engine";
    }
  }

  private static Failure createFailed(DockerRefusal refusal) {
    return refusal.kind() == DockerRefusal.Kind.NOT_FOUND
        ? failure(ErrorCode.IMAGE_NOT_FOUND, refusal, "The agent pulls the image again.")
        : failure(
            ErrorCode.CREATE_FAILED, refusal, "Correct the tool's entry and deploy it again.");
  }

  private Failure startFailed(DockerRefusal refusal, ObservedContainer container) {
    return new Failure(
        ErrorCode.START_FAILED, startFailed(refusal).message(), tail(docker, container.id()));
  }

  private static Failure startFailed(DockerRefusal refusal) {
    return failure(
        ErrorCode.START_FAILED,
        refusal,
        "Check the tool's command and ports, then deploy it again.");
  }

  private static Failure failure(ErrorCode code, DockerRefusal refusal, String next) {
    return new Failure(code, refusal.getMessage() + ". " + next, null);
  }

  /** The last log lines, or null when there are none to be had: they only help, so never fail. */
  static String tail(DockerGateway docker, String containerId) {
    try {
      var text = docker.logTail(containerId, TAIL_LINES, TAIL_BYTES);
      return text.isBlank() ? null : text;
    } catch (DockerRefusal | DockerUnavailable e) {
      return null;
    }
  }
}
