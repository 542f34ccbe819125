package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.ToolFact;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.tool.Trouble;
import io.agentopia.toolbox.deployer.tool.Wish;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolRequest.ToolDeployRequested;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What becomes of a wish about one tool. */
record Requests(Workshop workshop, Instant now, Rulebook rules) {

  Verdict decide(ToolRequest request) {
    var current = workshop.toolbox().droplet().generation();
    if (request.generation() > 0 && request.generation() < current) {
      return new Verdict.Refused(
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
    if (known.filter(tool -> tool.wish().isOvertaken(request.sequence())).isPresent()) {
      return new Verdict.Ignored(
          "%s %d was overtaken: %d about the same tool came before it"
              .formatted(name(request), request.sequence(), known.get().wish().asked()));
    }
    return switch (request) {
      case ToolDeployRequested r -> deploy(r);
      case ToolRequest.ToolRemovalRequested r -> tell(r, new ToolFact.RemovalRequested());
      case ToolRequest.ToolStartRequested r -> tell(r, new ToolFact.StartRequested());
      case ToolRequest.ToolStopRequested r -> tell(r, new ToolFact.StopRequested());
      case ToolRequest.ToolRestartRequested r -> tell(r, new ToolFact.RestartRequested());
    };
  }

  private Verdict deploy(ToolDeployRequested request) {
    var known = find(request.toolInstanceId());
    var trouble = whatIsWrongWith(request);
    var session = session();
    if (known.isPresent()) {
      ToolFact fact =
          trouble
              .<ToolFact>map(ToolFact.DeployRefused::new)
              .orElseGet(() -> new ToolFact.DeployRequested(request.name(), request.spec()));
      session.ask(known.get(), fact, request.sequence());
    } else {
      var wish = Wish.first(request.toolInstanceId(), request.name(), request.spec());
      session.add(
          s ->
              trouble
                  .map(t -> ToolInstance.refused(wish, t))
                  .orElseGet(() -> ToolInstance.requested(wish, s)),
          request.sequence());
    }
    return session.verdict();
  }

  private Optional<Trouble> whatIsWrongWith(ToolDeployRequested request) {
    if (workshop.toolbox().isClosing()) {
      return Optional.of(Trouble.toolboxDeleted(request.name()));
    }
    var violations = Rules.tool(request.name(), request.spec());
    if (!violations.isEmpty()) {
      return Optional.of(Trouble.invalid(request.name(), violations));
    }
    var others =
        workshop.tools().stream()
            .filter(t -> t.standing().holdsName())
            .filter(t -> !t.wish().toolInstanceId().equals(request.toolInstanceId()))
            .toList();
    if (others.size() >= Rules.MOST_TOOLS) {
      return Optional.of(Trouble.tooManyTools(request.name()));
    }
    return others.stream()
        .filter(t -> t.wish().name().equals(request.name()))
        .map(t -> t.wish().toolInstanceId())
        .findFirst()
        .map(holder -> Trouble.nameTaken(request.name(), holder.toString()));
  }

  private Verdict tell(ToolRequest request, ToolFact fact) {
    return find(request.toolInstanceId())
        .map(
            tool -> {
              var session = session();
              session.ask(tool, fact, request.sequence());
              return session.verdict();
            })
        .orElseGet(() -> unknown(request));
  }

  /** Its deployment may still wait in a retry topic from before the toolbox was known here. */
  private Verdict unknown(ToolRequest request) {
    var forGood = now.isAfter(workshop.toolbox().knownSince().plus(rules.arrivalGrace()));
    return new Verdict.Refused(
        forGood,
        "tool_unknown",
        "%s on toolbox %s names tool instance %s, which is not known there; check the id, or deploy it first."
            .formatted(name(request), request.toolboxId(), request.toolInstanceId()));
  }

  private Optional<ToolInstance> find(UUID toolInstanceId) {
    return workshop.tools().stream()
        .filter(t -> t.wish().toolInstanceId().equals(toolInstanceId))
        .findFirst();
  }

  private Session session() {
    return new Session(workshop.toolbox(), now, rules.deadlines());
  }

  private static String name(ToolRequest request) {
    return request.getClass().getSimpleName();
  }
}
