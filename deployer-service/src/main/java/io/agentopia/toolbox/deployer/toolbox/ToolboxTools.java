package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.AgentObservation;
import io.agentopia.toolbox.deployer.tool.Deploying;
import io.agentopia.toolbox.deployer.tool.EventDraft;
import io.agentopia.toolbox.deployer.tool.Failed;
import io.agentopia.toolbox.deployer.tool.FailureReason;
import io.agentopia.toolbox.deployer.tool.Pending;
import io.agentopia.toolbox.deployer.tool.Removed;
import io.agentopia.toolbox.deployer.tool.Removing;
import io.agentopia.toolbox.deployer.tool.Restarting;
import io.agentopia.toolbox.deployer.tool.Running;
import io.agentopia.toolbox.deployer.tool.Stopped;
import io.agentopia.toolbox.deployer.tool.ToolFact;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.AgentEvent.ToolState;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolboxBoot;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxManifestChanged;
import io.agentopia.toolbox.events.ToolboxRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * One toolbox with its tools: the place where every decision about them is made. Pure.
 *
 * @param tools those not removed yet, and the one the event speaks of even if it is
 */
public record ToolboxTools(Toolbox toolbox, List<ToolInstance> tools) {

  private static final String TOLD_AGAIN = "told again after a restore";

  public ToolboxTools {
    tools = List.copyOf(tools);
  }

  public Decision decide(Event event, Instant now, DeployPolicy policy) {
    if (!toolbox.accountId().equals(event.accountId())) {
      return toolbox.ownerKnown() ? wrongAccount(event) : toldByAnother(event, now, policy);
    }
    return switch (event) {
      case ToolboxLifecycle e -> learned(toolbox.learn(e), now, policy);
      case ToolboxHealth e -> learned(toolbox.learn(e), now, policy);
      case AgentReport e -> reported(e, now, policy);
      case ToolRequest e -> new Requests(this, now, policy).decide(e);
      case ToolboxRequest e -> notOurs(e);
      case ToolboxBoot e -> notOurs(e);
      case ToolLifecycle e -> notOurs(e);
      case ToolboxManifestChanged e -> notOurs(e);
      case AgentEvent.AgentHeartbeat e -> notOurs(e);
    };
  }

  /**
   * Whose the toolbox is was not told yet, and this is about another account than the wishes that
   * wait. The toolbox's own services decide: it is theirs to say, and those wishes end.
   */
  private Decision toldByAnother(Event event, Instant now, DeployPolicy policy) {
    var owned = toolbox.ownedBy(event.accountId());
    return switch (event) {
      case ToolboxLifecycle.ToolboxRejected e ->
          new Decision.Ignored("another account asked for a toolbox of this id, in vain");
      case ToolboxLifecycle e -> disowned(owned.learn(e), now, policy);
      case ToolboxHealth e -> disowned(owned.learn(e), now, policy);
      case AgentEvent e -> ownerUnknown(e);
      case ToolRequest e -> ownerUnknown(e);
      case ToolboxRequest e -> notOurs(e);
      case ToolboxBoot e -> notOurs(e);
      case ToolLifecycle e -> notOurs(e);
      case ToolboxManifestChanged e -> notOurs(e);
    };
  }

  private Decision disowned(Learning news, Instant now, DeployPolicy policy) {
    return switch (news) {
      case Learning.Stale stale -> new Decision.Ignored(stale.reason());
      case Learning.Learned it -> {
        var facts = new ArrayList<ToolFact>();
        facts.add(new ToolFact.ToolboxRefused(FailureReason.wrongAccount()));
        facts.addAll(it.forEveryTool());
        yield tell(it.toolbox(), tools, t -> facts, now, policy);
      }
    };
  }

  private static Decision ownerUnknown(Event event) {
    return new Decision.Refused(
        false,
        "owner_unknown",
        "%s about toolbox %s names another account than what came before it, and the provisioner has not told yet whose it is; it is tried again."
            .formatted(event.getClass().getSimpleName(), event.toolboxId()));
  }

  /**
   * What shall run here and what does, told once more: after a restore of the database.
   *
   * @param floor number of the manifest and of what is told, unless they are beyond it
   */
  public Decision.Decided toldAgain(long floor) {
    var manifest = Math.max(toolbox.manifestGeneration(), floor);
    var sequence = Math.max(toolbox.sequence(), floor);
    var events = new ArrayList<ToolLifecycle>();
    for (var tool : tools) {
      events.add(draft(tool).event(toolbox.subject(++sequence), tool, manifest));
    }
    return told(toolbox.published(sequence, manifest), events);
  }

  /** The manifest as it is, for readers who have none. */
  public Decision.Decided manifestTold() {
    return told(toolbox, List.of());
  }

  private Decision.Decided told(Toolbox after, List<ToolLifecycle> events) {
    return new Decision.Decided(
        after, List.of(), List.copyOf(events), Optional.of(Manifest.of(after, tools)), List.of());
  }

  private static EventDraft draft(ToolInstance tool) {
    return switch (tool) {
      case Deploying it -> new EventDraft.DeployStarted();
      case Running it -> new EventDraft.Deployed();
      case Failed it -> new EventDraft.DeployFailed(it.trouble());
      case Removed it -> new EventDraft.Removed();
      case Pending it -> new EventDraft.StatusChanged(TOLD_AGAIN);
      case Stopped it -> new EventDraft.StatusChanged(TOLD_AGAIN);
      case Restarting it -> new EventDraft.StatusChanged(TOLD_AGAIN);
      case Removing it -> new EventDraft.StatusChanged(TOLD_AGAIN);
    };
  }

  /** Tells every tool whose deadline has passed. */
  public Decision deadlinesPassed(Instant now, DeployPolicy policy) {
    var late =
        tools.stream().filter(t -> t.deadline().filter(d -> !d.isAfter(now)).isPresent()).toList();
    return tell(toolbox, late, t -> List.of(new ToolFact.DeadlinePassed()), now, policy);
  }

  private Decision learned(Learning news, Instant now, DeployPolicy policy) {
    return switch (news) {
      case Learning.Stale stale -> new Decision.Ignored(stale.reason());
      case Learning.Learned it -> tell(it.toolbox(), tools, t -> it.forEveryTool(), now, policy);
    };
  }

  private Decision reported(AgentReport report, Instant now, DeployPolicy policy) {
    return switch (toolbox.learn(report)) {
      case Learning.Stale stale -> new Decision.Ignored(stale.reason());
      case Learning.Learned it -> {
        var byId = new HashMap<UUID, ToolState>();
        report.tools().forEach(t -> byId.put(t.toolInstanceId(), t));
        yield tell(
            it.toolbox(),
            tools,
            t -> facts(it.forEveryTool(), byId.get(t.wanted().toolInstanceId()), report),
            now,
            policy);
      }
    };
  }

  private static List<ToolFact> facts(List<ToolFact> first, ToolState state, AgentReport report) {
    if (!first.isEmpty()) {
      return first; // the droplet is new to us: what it reports, it was not told to run by us
    }
    if (state == null) {
      return List.of(new ToolFact.MissingFromReport(report.appliedManifestGeneration()));
    }
    return AgentObservation.of(state)
        .<List<ToolFact>>map(
            seen -> List.of(new ToolFact.Reported(seen, report.appliedManifestGeneration())))
        .orElse(List.of());
  }

  private Decision tell(
      Toolbox after,
      Collection<ToolInstance> concerned,
      Function<ToolInstance, List<ToolFact>> facts,
      Instant now,
      DeployPolicy policy) {
    var builder = new DecisionBuilder(after, tools, now, policy);
    concerned.forEach(tool -> builder.tell(tool, facts.apply(tool)));
    return builder.decision();
  }

  private Decision wrongAccount(Event event) {
    return new Decision.Refused(
        true,
        "wrong_account",
        "%s about toolbox %s names account '%s', but the toolbox belongs to another account; its sender has to use the owner's account."
            .formatted(event.getClass().getSimpleName(), toolbox.id(), event.accountId()));
  }

  private static Decision notOurs(Event event) {
    return new Decision.Refused(
        true,
        "wrong_topic",
        "%s about toolbox %s came on a topic of the deployer, which has no use for it; its sender has to publish it on its own topic."
            .formatted(event.getClass().getSimpleName(), event.toolboxId()));
  }
}
