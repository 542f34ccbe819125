package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.Deploying;
import io.agentopia.toolbox.deployer.tool.Failed;
import io.agentopia.toolbox.deployer.tool.Notice;
import io.agentopia.toolbox.deployer.tool.Pending;
import io.agentopia.toolbox.deployer.tool.Removed;
import io.agentopia.toolbox.deployer.tool.Removing;
import io.agentopia.toolbox.deployer.tool.Restarting;
import io.agentopia.toolbox.deployer.tool.Running;
import io.agentopia.toolbox.deployer.tool.Sighting;
import io.agentopia.toolbox.deployer.tool.Stopped;
import io.agentopia.toolbox.deployer.tool.ToolFact;
import io.agentopia.toolbox.deployer.tool.ToolInstance;
import io.agentopia.toolbox.deployer.tool.Trouble;
import io.agentopia.toolbox.events.AgentEvent;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.AgentEvent.ToolState;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.ToolLifecycle;
import io.agentopia.toolbox.events.ToolRequest;
import io.agentopia.toolbox.events.ToolboxBoot;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * One toolbox with its tools: the place where every decision about them is made. Pure.
 *
 * @param tools those not removed yet, and the one the event speaks of even if it is
 */
public record Workshop(Toolbox toolbox, List<ToolInstance> tools) {

  private static final String TOLD_AGAIN = "told again after a restore";

  public Workshop {
    tools = List.copyOf(tools);
  }

  public Verdict decide(Event event, Instant now, Rulebook rules) {
    if (!toolbox.accountId().equals(event.accountId())) {
      return toolbox.ownerKnown() ? wrongAccount(event) : toldByAnother(event, now, rules);
    }
    return switch (event) {
      case ToolboxLifecycle e -> learned(toolbox.learn(e), now, rules);
      case ToolboxHealth e -> learned(toolbox.learn(e), now, rules);
      case AgentReport e -> reported(e, now, rules);
      case ToolRequest e -> new Requests(this, now, rules).decide(e);
      case ToolboxRequest e -> notOurs(e);
      case ToolboxBoot e -> notOurs(e);
      case ToolLifecycle e -> notOurs(e);
      case AgentEvent.AgentHeartbeat e -> notOurs(e);
    };
  }

  /**
   * Whose the toolbox is was not told yet, and this is about another account than the wishes that
   * wait. The toolbox's own services decide: it is theirs to say, and those wishes end.
   */
  private Verdict toldByAnother(Event event, Instant now, Rulebook rules) {
    var owned = toolbox.ownedBy(event.accountId());
    return switch (event) {
      case ToolboxLifecycle.ToolboxRejected e ->
          new Verdict.Ignored("another account asked for a toolbox of this id, in vain");
      case ToolboxLifecycle e -> disowned(owned.learn(e), now, rules);
      case ToolboxHealth e -> disowned(owned.learn(e), now, rules);
      case AgentEvent e -> ownerUnknown(e);
      case ToolRequest e -> ownerUnknown(e);
      case ToolboxRequest e -> notOurs(e);
      case ToolboxBoot e -> notOurs(e);
      case ToolLifecycle e -> notOurs(e);
    };
  }

  private Verdict disowned(News news, Instant now, Rulebook rules) {
    return switch (news) {
      case News.Stale stale -> new Verdict.Ignored(stale.reason());
      case News.Learned it -> {
        var facts = new ArrayList<ToolFact>();
        facts.add(new ToolFact.ToolboxRefused(Trouble.wrongAccount()));
        facts.addAll(it.forEveryTool());
        yield tell(it.toolbox(), tools, t -> facts, now, rules);
      }
    };
  }

  private static Verdict ownerUnknown(Event event) {
    return new Verdict.Refused(
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
  public Verdict.Decided toldAgain(long floor) {
    var manifest = Math.max(toolbox.manifestGeneration(), floor);
    var sequence = Math.max(toolbox.sequence(), floor);
    var events = new ArrayList<ToolLifecycle>();
    for (var tool : tools) {
      events.add(new Announcement(tool, standing(tool)).event(toolbox, ++sequence, manifest));
    }
    return new Verdict.Decided(
        toolbox.published(sequence, manifest), List.of(), List.copyOf(events), List.of());
  }

  private static Notice standing(ToolInstance tool) {
    return switch (tool) {
      case Deploying it -> new Notice.DeployStarted();
      case Running it -> new Notice.Deployed();
      case Failed it -> new Notice.DeployFailed(it.trouble());
      case Removed it -> new Notice.Removed();
      case Pending it -> new Notice.StatusChanged(TOLD_AGAIN);
      case Stopped it -> new Notice.StatusChanged(TOLD_AGAIN);
      case Restarting it -> new Notice.StatusChanged(TOLD_AGAIN);
      case Removing it -> new Notice.StatusChanged(TOLD_AGAIN);
    };
  }

  /** Tells every tool whose deadline has passed. */
  public Verdict deadlinesPassed(Instant now, Rulebook rules) {
    var late =
        tools.stream().filter(t -> t.deadline().filter(d -> !d.isAfter(now)).isPresent()).toList();
    return tell(toolbox, late, t -> List.of(new ToolFact.DeadlinePassed()), now, rules);
  }

  private Verdict learned(News news, Instant now, Rulebook rules) {
    return switch (news) {
      case News.Stale stale -> new Verdict.Ignored(stale.reason());
      case News.Learned it -> tell(it.toolbox(), tools, t -> it.forEveryTool(), now, rules);
    };
  }

  private Verdict reported(AgentReport report, Instant now, Rulebook rules) {
    return switch (toolbox.learn(report)) {
      case News.Stale stale -> new Verdict.Ignored(stale.reason());
      case News.Learned it -> {
        var byId = new HashMap<UUID, ToolState>();
        report.tools().forEach(t -> byId.put(t.toolInstanceId(), t));
        yield tell(
            it.toolbox(),
            tools,
            t -> facts(it.forEveryTool(), byId.get(t.wish().toolInstanceId()), report),
            now,
            rules);
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
    return Sighting.of(state)
        .<List<ToolFact>>map(
            seen -> List.of(new ToolFact.Reported(seen, report.appliedManifestGeneration())))
        .orElse(List.of());
  }

  private static Verdict tell(
      Toolbox toolbox,
      Collection<ToolInstance> tools,
      Function<ToolInstance, List<ToolFact>> facts,
      Instant now,
      Rulebook rules) {
    var session = new Session(toolbox, now, rules.deadlines());
    tools.forEach(tool -> session.tell(tool, facts.apply(tool)));
    return session.verdict();
  }

  private Verdict wrongAccount(Event event) {
    return new Verdict.Refused(
        true,
        "wrong_account",
        "%s about toolbox %s names account '%s', but the toolbox belongs to another account; its sender has to use the owner's account."
            .formatted(event.getClass().getSimpleName(), toolbox.id(), event.accountId()));
  }

  private static Verdict notOurs(Event event) {
    return new Verdict.Refused(
        true,
        "wrong_topic",
        "%s about toolbox %s came on a topic of the deployer, which has no use for it; its sender has to publish it on its own topic."
            .formatted(event.getClass().getSimpleName(), event.toolboxId()));
  }
}
