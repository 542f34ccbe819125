package io.agentopia.toolbox.deployer.toolbox;

import io.agentopia.toolbox.deployer.tool.FailureReason;
import io.agentopia.toolbox.deployer.tool.ToolFact;
import io.agentopia.toolbox.events.AgentEvent.AgentReport;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxBoot;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What the deployer knows of a toolbox. Pure.
 *
 * @param ownerKnown the provisioner or the health service has told whose it is; until then {@code
 *     accountId} is who first asked for a tool on it, or whose agent reported
 * @param knownSince when the deployer first heard of it, UTC
 * @param manifestGeneration rises with each change of what shall run here; never falls, not even
 *     with a new droplet
 * @param sequence of the last event published about it
 */
public record Toolbox(
    UUID id,
    String accountId,
    boolean ownerKnown,
    Instant knownSince,
    ToolboxStatus status,
    Droplet droplet,
    Fences seen,
    long manifestGeneration,
    long sequence) {

  /** Types that make no difference here, whatever is known: the next event of use says it too. */
  private static final Set<Class<? extends Event>> OF_NO_USE =
      Set.of(
          ToolboxBoot.BootProgressed.class,
          ToolboxLifecycle.DropletCreated.class,
          ToolboxLifecycle.DtmaJoined.class,
          ToolboxLifecycle.DropletRebooted.class,
          ToolboxLifecycle.ProvisioningDelayed.class,
          ToolboxHealth.RemediationRequested.class,
          ToolboxHealth.AgentUpgradeRequested.class,
          ToolboxHealth.AlertRaised.class,
          ToolboxHealth.AlertResolved.class);

  public static boolean isOfUse(Class<? extends Event> type) {
    return !OF_NO_USE.contains(type);
  }

  /**
   * @param ownerKnown it was the toolbox's own services that told of it
   */
  public static Toolbox heardOf(UUID id, String accountId, boolean ownerKnown, Instant now) {
    return new Toolbox(
        id,
        accountId,
        ownerKnown,
        now,
        ToolboxStatus.PENDING_PROVISION,
        Droplet.fresh(0),
        Fences.NONE,
        0,
        0);
  }

  /** It is deleted, or will be: nothing is deployed to it any more. */
  public boolean isClosing() {
    return switch (status) {
      case PENDING_DEPROVISION, DEPROVISIONING, DEPROVISIONED, ERROR_DEPROVISIONING -> true;
      case PENDING_PROVISION,
          PROVISIONING,
          AWAITING_HEARTBEAT,
          ACTIVE,
          UNRESPONSIVE,
          ERROR_PROVISIONING ->
          false;
    };
  }

  public Learning learn(ToolboxLifecycle event) {
    if (event.generation() < droplet.generation()) {
      return older(event.generation());
    }
    if (seen.stopsLifecycle(event.sequence())) {
      return new Learning.Stale("lifecycle event %d is not newer".formatted(event.sequence()));
    }
    if (event instanceof ToolboxLifecycle.ToolboxRejected e) {
      // There is no toolbox to know more of; one may still be made under this id.
      return new Learning.Learned(
          this, List.of(new ToolFact.ToolboxRefused(FailureReason.toolboxRejected(e.message()))));
    }
    var facts = newDroplet(event.generation());
    var raised = ownedBy(accountId).raisedTo(event.generation());
    var known = raised.with(event.status()).with(raised.seen.afterLifecycle(event.sequence()));
    return switch (event) {
      case ToolboxLifecycle.DropletLost e ->
          new Learning.Learned(known.with(known.droplet.found(false)), facts);
      case ToolboxLifecycle.ToolboxDeleted e ->
          new Learning.Learned(
              known.with(Droplet.fresh(known.droplet.generation())),
              List.of(new ToolFact.ToolboxDeleted()));
      // What these tell beyond generation and status is not the deployer's business.
      case ToolboxLifecycle.ToolboxAccepted e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.ToolboxRejected e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.DropletCreated e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.DtmaJoined e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.DropletReady e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.DropletRebooted e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.DropletReplaced e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.ToolboxStatusChanged e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.ProvisioningDelayed e -> new Learning.Learned(known, facts);
      case ToolboxLifecycle.ToolboxFailed e -> new Learning.Learned(known, facts);
    };
  }

  public Learning learn(ToolboxHealth event) {
    if (event.generation() < droplet.generation()) {
      return older(event.generation());
    }
    if (seen.stopsHealth(event.sequence())) {
      return new Learning.Stale("health event %d is not newer".formatted(event.sequence()));
    }
    var facts = newDroplet(event.generation());
    var raised = ownedBy(accountId).raisedTo(event.generation());
    var known = raised.with(raised.seen.afterHealth(event.sequence()));
    return switch (event) {
      case ToolboxHealth.DtmaHealthy e -> known.healthy(facts);
      case ToolboxHealth.HealthRecovered e -> known.healthy(facts);
      case ToolboxHealth.HealthDegraded e ->
          new Learning.Learned(known.with(known.droplet.found(false)), facts);
      // No verdicts: one that is tried again meanwhile must not be stale because of these.
      case ToolboxHealth.RemediationRequested e -> new Learning.Learned(raised, facts);
      case ToolboxHealth.AgentUpgradeRequested e -> new Learning.Learned(raised, facts);
      case ToolboxHealth.AlertRaised e -> new Learning.Learned(raised, facts);
      case ToolboxHealth.AlertResolved e -> new Learning.Learned(raised, facts);
    };
  }

  public Learning learn(AgentReport report) {
    if (report.generation() < droplet.generation()) {
      return older(report.generation());
    }
    var facts = newDroplet(report.generation());
    var known = raisedTo(report.generation());
    return known.seen.stopsReport(report.sequence(), report.observedAt())
        ? new Learning.Stale("a newer report of the agent was applied before")
        : new Learning.Learned(
            known.with(known.seen.afterReport(report.sequence(), report.observedAt())), facts);
  }

  Subject subject(long number) {
    return new Subject(id, accountId, droplet.generation(), number);
  }

  /** Whose it is was told. */
  Toolbox ownedBy(String owner) {
    return new Toolbox(
        id, owner, true, knownSince, status, droplet, seen, manifestGeneration, sequence);
  }

  Toolbox published(long newSequence, long newManifestGeneration) {
    return new Toolbox(
        id,
        accountId,
        ownerKnown,
        knownSince,
        status,
        droplet,
        seen,
        newManifestGeneration,
        newSequence);
  }

  private Learning healthy(List<ToolFact> facts) {
    var all = new ArrayList<>(facts);
    if (!isClosing()) {
      all.add(new ToolFact.ToolboxBecameHealthy());
    }
    return new Learning.Learned(with(droplet.found(true)), List.copyOf(all));
  }

  private Learning older(long generation) {
    return new Learning.Stale(
        "it is of generation %d, the toolbox is at %d".formatted(generation, droplet.generation()));
  }

  private List<ToolFact> newDroplet(long generation) {
    return generation > droplet.generation() ? List.of(new ToolFact.DropletReplaced()) : List.of();
  }

  /** Whichever topic tells first of a new droplet: from then on the old one's news are stale. */
  private Toolbox raisedTo(long generation) {
    return generation > droplet.generation()
        ? with(Droplet.fresh(generation)).with(seen.forNewDroplet())
        : this;
  }

  private Toolbox with(ToolboxStatus newStatus) {
    return new Toolbox(
        id,
        accountId,
        ownerKnown,
        knownSince,
        newStatus,
        droplet,
        seen,
        manifestGeneration,
        sequence);
  }

  private Toolbox with(Droplet newDroplet) {
    return new Toolbox(
        id,
        accountId,
        ownerKnown,
        knownSince,
        status,
        newDroplet,
        seen,
        manifestGeneration,
        sequence);
  }

  private Toolbox with(Fences newSeen) {
    return new Toolbox(
        id,
        accountId,
        ownerKnown,
        knownSince,
        status,
        droplet,
        newSeen,
        manifestGeneration,
        sequence);
  }
}
