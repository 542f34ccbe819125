package io.agentopia.toolbox.deployer.tool;

import io.agentopia.toolbox.deployer.tool.DecisionContext.Deadlines;
import io.agentopia.toolbox.events.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Instances in each state, and facts about them. */
public final class ToolInstances {
  static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  static final UUID ID = UUID.fromString("0199a2b4-0000-7000-8000-0000000000a1");
  static final ToolSpec SPEC = spec("docker.io/library/debian:bookworm-slim");
  static final ToolSpec OTHER = spec("docker.io/library/nginx:1.29");
  static final FailureReason TROUBLE =
      new FailureReason("exited", "it exited", "read the log", "bye");
  static final Deadlines DEADLINES =
      new Deadlines(
          Duration.ofMinutes(30),
          Duration.ofMinutes(5),
          Duration.ofMinutes(4),
          Duration.ofMinutes(2),
          Duration.ofMinutes(3));

  /** The revision and the restarts every instance here is at. */
  static final long REVISION = 3;

  static final long RESTARTS = 2;

  /** The generation of the manifest that asked for what is under way, and the next one. */
  static final long ASKED_IN = 7;

  static final DecisionContext HEALTHY = new DecisionContext(NOW, true, 9, DEADLINES);
  static final DecisionContext NOT_HEALTHY = new DecisionContext(NOW, false, 9, DEADLINES);

  private ToolInstances() {}

  static ToolSpec spec(String image) {
    return new ToolSpec(image, List.of("sleep", "infinity"), Map.of(), List.of(), 0, 0, false);
  }

  static DesiredTool wish(Desired desired) {
    return new DesiredTool(ID, "search", SPEC, desired, REVISION, RESTARTS, 0);
  }

  /** One instance in each state, and in its variants. */
  public static final List<String> STATES =
      List.of(
          "Pending",
          "Pending stop",
          "Deploying",
          "Deploying stop",
          "Running",
          "Running stop",
          "Stopped",
          "Stopped itself",
          "Restarting",
          "Restarting itself",
          "Restarting stop",
          "Failed",
          "Failed stop",
          "Failed waiting",
          "Failed refused",
          "Removing",
          "Removing late",
          "Removed");

  public static ToolInstance state(String name) {
    var run = wish(Desired.RUNNING);
    var stop = wish(Desired.STOPPED);
    return switch (name) {
      case "Pending" -> new Pending(run, NOW);
      case "Pending stop" -> new Pending(stop, NOW);
      case "Deploying" -> new Deploying(run, NOW);
      case "Deploying stop" -> new Deploying(stop, NOW);
      case "Deploying long" -> new Deploying(run, NOW.plus(Duration.ofMinutes(30)));
      case "Running" -> new Running(run, "c1", null);
      case "Running stop" -> new Running(stop, "c1", NOW);
      case "Stopped" -> new Stopped(stop, "c1");
      case "Stopped itself" -> new Stopped(run, "c1");
      case "Restarting" -> new Restarting(run, "c1", ASKED_IN, NOW);
      case "Restarting itself" -> new Restarting(run, "c1", 0, NOW);
      case "Restarting stop" -> new Restarting(stop, "c1", ASKED_IN, NOW);
      case "Failed" -> new Failed(run, TROUBLE, ManifestMembership.LISTED, "c1");
      case "Failed stop" -> new Failed(stop, TROUBLE, ManifestMembership.LISTED, "c1");
      case "Failed waiting" -> new Failed(run, TROUBLE, ManifestMembership.WAITING, null);
      case "Failed refused" -> new Failed(run, TROUBLE, ManifestMembership.REFUSED, null);
      case "Removing" -> new Removing(wish(Desired.REMOVED), ASKED_IN, NOW);
      case "Removing late" -> new Removing(wish(Desired.REMOVED), ASKED_IN, null);
      case "Removed" -> new Removed(wish(Desired.REMOVED));
      default -> throw new IllegalArgumentException("no state " + name);
    };
  }

  static ToolFact fact(String name) {
    return switch (name) {
      case "deploySame" -> new ToolFact.DeployRequested("search", SPEC);
      case "deployOther" -> new ToolFact.DeployRequested("search", OTHER);
      case "refused" -> new ToolFact.DeployRefused(TROUBLE);
      case "stop" -> new ToolFact.StopRequested();
      case "start" -> new ToolFact.StartRequested();
      case "restart" -> new ToolFact.RestartRequested();
      case "remove" -> new ToolFact.RemovalRequested();
      case "healthy" -> new ToolFact.ToolboxBecameHealthy();
      case "missingEarly" -> new ToolFact.MissingFromReport(ASKED_IN - 1);
      case "missing" -> new ToolFact.MissingFromReport(ASKED_IN);
      case "deadline" -> new ToolFact.DeadlinePassed();
      case "deleted" -> new ToolFact.ToolboxDeleted();
      case "toolboxRefused" -> new ToolFact.ToolboxRefused(TROUBLE);
      case "replaced" -> new ToolFact.DropletReplaced();
      case "stoppedEarly" -> reported(AgentObservation.Kind.STOPPED, "c1", 0, 0, ASKED_IN - 1);
      case "runningElsewhere" -> reported(AgentObservation.Kind.RUNNING, "c2", 0, 0, ASKED_IN);
      case "oldRevision" -> reported(AgentObservation.Kind.RUNNING, "c0", -1, 0, ASKED_IN);
      case "oldRestart" -> reported(AgentObservation.Kind.RUNNING, "c0", 0, -1, ASKED_IN);
      case "failedOtherwise" ->
          new ToolFact.Reported(
              new AgentObservation(
                  AgentObservation.Kind.FAILED,
                  "c1",
                  REVISION,
                  RESTARTS,
                  null,
                  new FailureReason("image_not_found", "no such image", "correct it", null)),
              ASKED_IN);
      default ->
          reported(
              AgentObservation.Kind.valueOf(name.toUpperCase(java.util.Locale.ROOT)),
              "c1",
              0,
              0,
              ASKED_IN);
    };
  }

  private static ToolFact reported(
      AgentObservation.Kind kind, String container, long revisions, long restarts, long applied) {
    return new ToolFact.Reported(
        new AgentObservation(
            kind,
            container,
            REVISION + revisions,
            RESTARTS + restarts,
            0,
            kind == AgentObservation.Kind.FAILED ? TROUBLE : null),
        applied);
  }
}
