package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.DesiredTool;
import io.agentopia.toolbox.deployer.tool.FailureReason;
import io.agentopia.toolbox.deployer.tool.ToolFact;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What becomes of a wish about one tool. */
record Requests(ToolboxTools all, Instant now, DeployPolicy policy) {

  Decision decide(ToolRequest request) {
    var current = all.toolbox().droplet().generation();
    if (request.generation() > 0 && request.generation() < current) {
      return new Decision.Refused(
          true,
          "older_generation",
          "%s for tool instance %s is meant for generation %d of toolbox %s, which is at %d; ask again with generation 0."
              .formatted(
                  name(request),
                  request.toolInstanceId(),
                  request.generation(),
                  request.toolboxId(),
                  current));
    }
    var known = find(request.toolInstanceId());
    if (known.filter(tool -> tool.wanted().isOvertaken(request.sequence())).isPresent()) {
      return new Decision.Ignored(
          "%s %d was overtaken: %d about the same tool came before it"
              .formatted(name(request), request.sequence(), known.get().wanted().asked()));
    }
    return switch (request) {
      case ToolDeployRequested r -> deploy(r);
      case ToolRequest.ToolRemovalRequested r -> tell(r, new ToolFact.RemovalRequested());
      case ToolRequest.ToolStartRequested r -> tell(r, new ToolFact.StartRequested());
      case ToolRequest.ToolStopRequested r -> tell(r, new ToolFact.StopRequested());
      case ToolRequest.ToolRestartRequested r -> tell(r, new ToolFact.RestartRequested());
    };
  }

  private Decision deploy(ToolDeployRequested request) {
    var known = find(request.toolInstanceId());
    var trouble = whatIsWrongWith(request);
    var builder = builder();
    if (known.isPresent()) {
      ToolFact fact =
          trouble
              .<ToolFact>map(ToolFact.DeployRefused::new)
              .orElseGet(() -> new ToolFact.DeployRequested(request.name(), request.spec()));
      builder.ask(known.get(), fact, request.sequence());
    } else {
      var wanted = DesiredTool.first(request.toolInstanceId(), request.name(), request.spec());
      builder.add(
          s ->
              trouble
                  .map(t -> ToolInstance.refused(wanted, t))
                  .orElseGet(() -> ToolInstance.requested(wanted, s)),
          request.sequence());
    }
    return builder.decision();
  }

  private Optional<FailureReason> whatIsWrongWith(ToolDeployRequested request) {
    if (all.toolbox().isClosing()) {
      return Optional.of(FailureReason.toolboxDeleted(request.name()));
    }
    var violations = Rules.tool(request.name(), request.spec());
    if (!violations.isEmpty()) {
      return Optional.of(FailureReason.invalid(request.name(), violations));
    }
    var others =
        all.tools().stream()
            .filter(t -> t.membership().holdsName())
            .filter(t -> !t.wanted().toolInstanceId().equals(request.toolInstanceId()))
            .toList();
    if (others.size() >= Rules.MOST_TOOLS) {
      return Optional.of(FailureReason.tooManyTools(request.name()));
    }
    return others.stream()
        .filter(t -> t.wanted().name().equals(request.name()))
        .map(t -> t.wanted().toolInstanceId())
        .findFirst()
        .map(holder -> FailureReason.nameTaken(request.name(), holder.toString()));
  }

  private Decision tell(ToolRequest request, ToolFact fact) {
    return find(request.toolInstanceId())
        .map(
            tool -> {
              var builder = builder();
              builder.ask(tool, fact, request.sequence());
              return builder.decision();
            })
        .orElseGet(() -> unknown(request));
  }

  /** Its deployment may still wait in a retry topic from before the toolbox was known here. */
  private Decision unknown(ToolRequest request) {
    var forGood = now.isAfter(all.toolbox().knownSince().plus(policy.arrivalGrace()));
    return new Decision.Refused(
        forGood,
        "tool_unknown",
        "%s on toolbox %s names tool instance %s, which is not known there; check the id, or deploy it first."
            .formatted(name(request), request.toolboxId(), request.toolInstanceId()));
  }

  private Optional<ToolInstance> find(UUID toolInstanceId) {
    return all.tools().stream()
        .filter(t -> t.wanted().toolInstanceId().equals(toolInstanceId))
        .findFirst();
  }

  private DecisionBuilder builder() {
    return new DecisionBuilder(all.toolbox(), all.tools(), now, policy);
  }

  private static String name(ToolRequest request) {
    return request.getClass().getSimpleName();
  }
}
