package io.agentopia.toolbox.provisioner.toolbox;

import static io.agentopia.toolbox.events.HumanDuration.words;
import static io.agentopia.toolbox.provisioner.toolbox.Outcome.changed;
import static io.agentopia.toolbox.provisioner.toolbox.Outcome.unchanged;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.provisioner.toolbox.Fact.*;
import io.agentopia.toolbox.provisioner.toolbox.Outcome.EventOf;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What each fact makes of a toolbox in each state: the whole story of a toolbox, and the only place
 * that writes it. Pure: time is passed in. A fact that comes late, twice or out of order is {@link
 * Outcome.Unchanged}.
 */
public class Lifecycle {
  private static final int LONGEST_BACK_OFF = 6; // 2^6 = 64 s
  private static final EventOf CREATING = Events.statusChanged("a droplet is being created");
  private static final String TOLD_AGAIN = "told again after a restore";
  private final Deadlines deadlines;
  private final Removing removing;

  public Lifecycle(Deadlines deadlines) {
    this.deadlines = deadlines;
    this.removing = new Removing(deadlines);
  }

  /** A new toolbox of a request that was found valid. */
  public Outcome accept(ToolboxRequested request, String traceparent, Instant now) {
    var toolbox =
        new Toolbox(
            request.toolboxId(),
            request.accountId(),
            request.name(),
            request.region(),
            request.size(),
            1,
            Toolbox.Told.NOTHING,
            0,
            traceparent,
            now,
            new PendingProvision(null));
    return changed(
        toolbox,
        toolbox.state(),
        Events.accepted(request.name(), request.region(), request.size()));
  }

  /**
   * The same toolbox, with what is known of it told once more: after a restore of its database.
   *
   * @param floor what it tells is numbered from there
   */
  public static Outcome.Changed toldAgain(Toolbox toolbox, long floor) {
    return Outcome.changed(toolbox.numberedFrom(floor), toolbox.state(), state(toolbox));
  }

  private static EventOf state(Toolbox toolbox) {
    return switch (toolbox.state()) {
      case PendingProvision s -> Events.accepted(toolbox.name(), toolbox.region(), toolbox.size());
      case AwaitingHeartbeat s when s.agent() != null ->
          Events.ready(s.dropletId(), s.ipv4(), s.agent());
      case Active s -> Events.ready(s.dropletId(), s.ipv4(), s.agent());
      case Unresponsive s when s.lost() -> Events.lost(s.dropletId());
      case Unresponsive s -> Events.ready(s.dropletId(), s.ipv4(), s.agent());
      case ErrorProvisioning s -> Events.failed(s.trouble());
      case ErrorDeprovisioning s -> Events.failed(s.trouble());
      case Deprovisioned s -> Events.deleted();
      case Booting s -> Events.created(s.dropletId(), toolbox.dropletName());
      case Creating s -> Events.statusChanged(TOLD_AGAIN);
      case AwaitingHeartbeat s -> Events.statusChanged(TOLD_AGAIN);
      case Replacing s -> Events.statusChanged(TOLD_AGAIN);
      case PendingDeprovision s -> Events.statusChanged(TOLD_AGAIN);
      case Deprovisioning s -> Events.statusChanged(TOLD_AGAIN);
    };
  }

  public Outcome apply(Toolbox toolbox, Fact fact, Instant now) {
    return switch (fact) {
      case DeletionRequested f -> removing.deletionRequested(toolbox, f, now);
      case RecreationRequested f -> removing.recreationRequested(toolbox, f, now);
      case RemedyRequested f -> removing.remedyRequested(toolbox, now);
      case RetryRequested f -> removing.retryRequested(toolbox, f, now);
      case RemovalStarted f -> removing.started(toolbox, now);
      case DropletsGone f -> removing.dropletsGone(toolbox);
      case RemovalDeferred f -> removing.deferred(toolbox, f, now);
      case ProvisioningStarted f -> provisioningStarted(toolbox, now);
      case CreateAttempted f -> createAttempted(toolbox, now);
      case CreateSucceeded f -> dropletKnown(toolbox, f.dropletId(), now);
      case CreateRefused f -> createRefused(toolbox, f, now);
      case CreateUnsure f -> createUnsure(toolbox, f, now);
      case CreateDeferred f -> createDeferred(toolbox, f, now);
      case LookUpFailed f -> lookUpFailed(toolbox, f, now);
      case NothingFound f -> nothingFound(toolbox, f, now);
      case DropletSeen f -> dropletSeen(toolbox, f, now);
      case DropletFound f -> dropletFound(toolbox, f);
      case DropletMissing f -> dropletMissing(toolbox, f, now);
      case AgentJoined f -> agentJoined(toolbox, f.agent());
      case BootStageReached f -> bootStageReached(toolbox, f);
      case BootFailed f -> bootFailed(toolbox, f, now);
      case AgentHealthy f -> agentHealthy(toolbox);
      case AgentDegraded f -> agentDegraded(toolbox, f.reason());
      case DeadlinePassed f -> deadlinePassed(toolbox, now);
    };
  }

  /**
   * What the result of a step makes of a toolbox, which may have moved on since the step began: the
   * step's instance was paused, its lease ran out, and another one went on. Such a result tells of
   * a past state, so it changes nothing; but a droplet that was created must not be lost sight of.
   *
   * @param begun the toolbox as the step saw it
   */
  public Outcome applyResult(Toolbox toolbox, Toolbox begun, Fact result, Instant now) {
    if (toolbox.generation() != begun.generation()) {
      // Its droplets went before this generation began: removing them asked the cloud by tag.
      return unchanged("the step was for an earlier generation");
    }
    if (toolbox.state().equals(begun.state())) {
      return apply(toolbox, result, now);
    }
    if (!(result instanceof CreateSucceeded)) {
      return unchanged("the toolbox has moved on since the step began");
    }
    // A later request may be out, and this droplet gone: only the cloud knows which there are.
    return toolbox.state() instanceof Creating s && s.mayExist()
        ? unchanged("the look-up under way finds whatever there is")
        : apply(toolbox, result, now);
  }

  /**
   * What a verdict on the toolbox's health makes of it. The fence: one on another generation, or
   * one that was overtaken by a later verdict, says nothing about now.
   *
   * @param verdict whose number it has, and of which generation it is
   */
  public Outcome applyVerdict(Toolbox toolbox, Subject verdict, Fact fact, Instant now) {
    if (toolbox.generation() != verdict.generation()
        || verdict.sequence() <= toolbox.healthSequence()) {
      return unchanged("the verdict is on another droplet, or a later one has counted");
    }
    var heard = toolbox.heard(verdict.sequence());
    return switch (apply(heard, fact, now)) {
      case Outcome.Changed c -> c;
      case Outcome.Unchanged u -> new Outcome.Changed(heard, List.of());
    };
  }

  private Outcome provisioningStarted(Toolbox toolbox, Instant now) {
    return toolbox.state() instanceof PendingProvision s
        ? changed(toolbox, begun(s, now), CREATING)
        : unchanged("provisioning has started already");
  }

  private Outcome createAttempted(Toolbox toolbox, Instant now) {
    if (toolbox.state() instanceof PendingProvision s) {
      return changed(toolbox, attempted(begun(s, now), now), CREATING);
    }
    return toolbox.state() instanceof Creating s && !s.mayExist()
        ? changed(toolbox, attempted(s, now))
        : unchanged("no create request is due");
  }

  private Creating begun(PendingProvision s, Instant now) {
    return new Creating(s.replaces(), 0, false, now, now, now.plus(deadlines.create()));
  }

  private Creating attempted(Creating s, Instant now) {
    return new Creating(
        s.replaces(), s.attempts() + 1, true, now.plus(deadlines.listingLag()), now, s.deadline());
  }

  private Outcome dropletKnown(Toolbox toolbox, long dropletId, Instant now) {
    if (!(toolbox.state() instanceof Creating s)) {
      return removing.strayDroplet(toolbox, dropletId, now);
    }
    var next = new Booting(dropletId, false, null, now.plus(deadlines.boot()));
    var created = Events.created(dropletId, toolbox.dropletName());
    return s.replaces() == null
        ? changed(toolbox, next, created)
        : changed(toolbox, next, created, Events.replaced(s.replaces(), dropletId));
  }

  private Outcome createRefused(Toolbox toolbox, CreateRefused fact, Instant now) {
    return toolbox.state() instanceof Creating s
        ? changed(
            toolbox,
            // A clear no to the only request there was: nothing can be left of it.
            new ErrorProvisioning(fact.trouble(), s.attempts() > 1 ? leftovers(s, now) : null),
            Events.failed(fact.trouble()))
        : unchanged("no create request is open");
  }

  private Outcome createUnsure(Toolbox toolbox, CreateUnsure fact, Instant now) {
    return toolbox.state() instanceof Creating s
        ? delayed(
            toolbox,
            new Creating(
                s.replaces(),
                s.attempts(),
                true,
                now.plus(deadlines.listingLag()),
                soon(now),
                s.deadline()),
            "no_clear_answer",
            fact.detail())
        : unchanged("no create request is open");
  }

  private Outcome createDeferred(Toolbox toolbox, CreateDeferred fact, Instant now) {
    return toolbox.state() instanceof Creating s
        ? delayed(
            toolbox,
            new Creating(
                s.replaces(),
                s.attempts(),
                false,
                now,
                now.plus(longer(fact.retryAfter(), backOff(s.attempts()))),
                s.deadline()),
            "cloud_busy",
            fact.detail())
        : unchanged("no create request is open");
  }

  /**
   * Asked again ever more seldom, up to every 16 s: nothing else can be done before the cloud has
   * answered.
   */
  private Outcome lookUpFailed(Toolbox toolbox, LookUpFailed fact, Instant now) {
    return toolbox.state() instanceof Creating s && s.mayExist()
        ? delayed(
            toolbox,
            new Creating(
                s.replaces(),
                s.attempts() + 1,
                true,
                s.lookUpUntil(),
                now.plus(longer(fact.retryAfter(), backOff(Math.min(s.attempts(), 4)))),
                s.deadline()),
            "cloud_unavailable",
            fact.detail())
        : unchanged("no droplet is being looked for");
  }

  private static Outcome delayed(Toolbox toolbox, Creating next, String code, String detail) {
    var attempt = Math.max(1, next.attempts());
    var event = Events.delayed(attempt, next.notBefore(), next.deadline(), code, detail);
    return changed(toolbox, next, event);
  }

  /** What the list said counts for the moment it was asked for: its answer may have taken long. */
  private Outcome nothingFound(Toolbox toolbox, NothingFound fact, Instant now) {
    if (!(toolbox.state() instanceof Creating s) || !s.mayExist()) {
      return unchanged("no droplet is being looked for");
    }
    var isCertain = !fact.askedAt().isBefore(s.lookUpUntil());
    var next =
        isCertain
            ? new Creating(s.replaces(), s.attempts(), false, now, soon(now), s.deadline())
            : new Creating(
                s.replaces(), s.attempts(), true, s.lookUpUntil(), soon(now), s.deadline());
    return changed(toolbox, next);
  }

  private Outcome dropletSeen(Toolbox toolbox, DropletSeen fact, Instant now) {
    return switch (toolbox.state()) {
      // It was seen for a state that has passed; this state's droplet is found by its look-up.
      case Creating s -> unchanged("no droplet is known yet");
      case Booting s when s.dropletId() == fact.dropletId() -> seenBooting(toolbox, s, fact, now);
      case AwaitingHeartbeat s when s.dropletId() == fact.dropletId() ->
          readdressed(
              toolbox,
              s.ipv4(),
              fact,
              new AwaitingHeartbeat(s.dropletId(), fact.ipv4(), s.agent(), s.deadline()),
              s.agent());
      case Active s when s.dropletId() == fact.dropletId() ->
          readdressed(
              toolbox,
              s.ipv4(),
              fact,
              new Active(s.dropletId(), fact.ipv4(), s.agent()),
              s.agent());
      case Unresponsive s when s.lost() -> unchanged("it is lost, and a list may lag");
      case Unresponsive s when s.dropletId() == fact.dropletId() ->
          readdressed(
              toolbox,
              s.ipv4(),
              fact,
              new Unresponsive(s.dropletId(), fact.ipv4(), s.agent(), s.reason(), false),
              s.agent());
      case Booting s -> unchanged("another droplet than this toolbox's");
      case AwaitingHeartbeat s -> unchanged("another droplet than this toolbox's");
      case Active s -> unchanged("another droplet than this toolbox's");
      case Unresponsive s -> unchanged("another droplet than this toolbox's");
      case PendingProvision s -> unchanged("no droplet is expected yet");
      case ErrorProvisioning s -> unchanged("the droplet is being removed");
      case Replacing s -> unchanged("the droplet is being removed");
      case PendingDeprovision s -> unchanged("the droplet is being removed");
      case Deprovisioning s -> unchanged("the droplet is being removed");
      case ErrorDeprovisioning s -> unchanged("the droplet could not be removed");
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  private Outcome seenBooting(Toolbox toolbox, Booting s, DropletSeen fact, Instant now) {
    if (fact.active() && fact.ipv4() != null) {
      var next =
          new AwaitingHeartbeat(s.dropletId(), fact.ipv4(), s.agent(), now.plus(deadlines.join()));
      var news = new ArrayList<EventOf>();
      if (!s.active()) {
        news.add(Events.progressed(BootStage.DROPLET_ACTIVE, null));
      }
      news.add(Events.progressed(BootStage.ADDRESS, fact.ipv4()));
      news.add(
          s.agent() == null
              ? Events.statusChanged("the droplet is up, and its agent is awaited")
              : Events.ready(s.dropletId(), fact.ipv4(), s.agent()));
      return changed(toolbox, next, news.toArray(EventOf[]::new));
    }
    return fact.active() && !s.active()
        ? changed(
            toolbox,
            new Booting(s.dropletId(), true, s.agent(), s.deadline()),
            Events.progressed(BootStage.DROPLET_ACTIVE, null))
        : unchanged("nothing new about the droplet");
  }

  /** Dynamic address detection: the cloud's word is followed whenever it differs. */
  private static Outcome readdressed(
      Toolbox toolbox, String known, DropletSeen fact, ToolboxState next, Agent agent) {
    if (fact.ipv4() == null || fact.ipv4().equals(known)) {
      return unchanged("nothing new about the droplet");
    }
    var address = Events.progressed(BootStage.ADDRESS, fact.ipv4());
    return agent == null
        ? changed(toolbox, next, address)
        : changed(toolbox, next, address, Events.ready(fact.dropletId(), fact.ipv4(), agent));
  }

  /** Its word that it did not know it was wrong, or of another account. */
  private static Outcome dropletFound(Toolbox toolbox, DropletFound fact) {
    if (!(toolbox.state() instanceof Unresponsive s)
        || !s.lost()
        || s.dropletId() != fact.dropletId()) {
      return unchanged("no such droplet is lost");
    }
    var ipv4 = fact.ipv4() == null ? s.ipv4() : fact.ipv4();
    return changed(
        toolbox,
        new Unresponsive(s.dropletId(), ipv4, s.agent(), "droplet_found", false),
        Events.ready(s.dropletId(), ipv4, s.agent()));
  }

  private Outcome dropletMissing(Toolbox toolbox, DropletMissing fact, Instant now) {
    return switch (toolbox.state()) {
      case Booting s when s.dropletId() == fact.dropletId() ->
          neverCameUp(toolbox, fact.dropletId(), now);
      case AwaitingHeartbeat s when s.dropletId() == fact.dropletId() ->
          neverCameUp(toolbox, fact.dropletId(), now);
      case Active s when s.dropletId() == fact.dropletId() ->
          changed(
              toolbox,
              new Unresponsive(s.dropletId(), s.ipv4(), s.agent(), "droplet_lost", true),
              Events.lost(s.dropletId()));
      case Unresponsive s when s.dropletId() == fact.dropletId() && !s.lost() ->
          changed(
              toolbox,
              new Unresponsive(s.dropletId(), s.ipv4(), s.agent(), "droplet_lost", true),
              Events.lost(s.dropletId()));
      case Booting s -> unchanged("another droplet than this toolbox's");
      case AwaitingHeartbeat s -> unchanged("another droplet than this toolbox's");
      case Active s -> unchanged("another droplet than this toolbox's");
      case Unresponsive s -> unchanged("known to be lost, or another droplet than this toolbox's");
      case PendingProvision s -> unchanged("no droplet is expected yet");
      case Creating s -> unchanged("no droplet is known yet");
      case ErrorProvisioning s -> unchanged("the droplet is being removed");
      case Replacing s -> unchanged("the droplet is being removed");
      case PendingDeprovision s -> unchanged("the droplet is being removed");
      case Deprovisioning s -> unchanged("the droplet is being removed");
      case ErrorDeprovisioning s -> unchanged("the droplet is being removed");
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  private Outcome neverCameUp(Toolbox toolbox, long dropletId, Instant now) {
    var trouble =
        new Trouble(
            "droplet_disappeared",
            "Droplet "
                + dropletId
                + " of toolbox "
                + toolbox.id()
                + " was accepted by the cloud and then disappeared before it was ready.",
            "Recreate the toolbox; if it happens again, choose another region or size.");
    return isFirst(toolbox)
        ? onceMore(toolbox, dropletId, trouble, now)
        : changed(
            toolbox,
            new ErrorProvisioning(trouble, null),
            Events.lost(dropletId),
            Events.failed(trouble));
  }

  /** Its first droplet in a row that did not come up: another one may. */
  private static boolean isFirst(Toolbox toolbox) {
    return toolbox.failedBoots() == 0;
  }

  private Outcome onceMore(
      Toolbox toolbox, long dropletId, Trouble trouble, Instant now, EventOf... before) {
    return removing.replacing(
        toolbox.withFailedBoots(toolbox.failedBoots() + 1),
        dropletId,
        trouble.message() + " It is tried once more with a new droplet.",
        now,
        before);
  }

  /** Of a droplet that will not come up: replaced once, then given up. */
  private Outcome onceMoreOrNever(
      Toolbox toolbox, long dropletId, Trouble trouble, Instant now, EventOf... before) {
    if (isFirst(toolbox)) {
      return onceMore(toolbox, dropletId, trouble, now, before);
    }
    return changed(
        toolbox,
        new ErrorProvisioning(trouble, Removal.of(dropletId, now, now)),
        Events.and(before, Events.failed(trouble)));
  }

  private Outcome agentJoined(Toolbox toolbox, Agent agent) {
    return switch (toolbox.state()) {
      case Booting s ->
          changed(
              toolbox,
              new Booting(s.dropletId(), s.active(), agent, s.deadline()),
              Events.joined(agent));
      case AwaitingHeartbeat s ->
          changed(
              toolbox,
              new AwaitingHeartbeat(s.dropletId(), s.ipv4(), agent, s.deadline()),
              Events.joined(agent),
              Events.ready(s.dropletId(), s.ipv4(), agent));
      case Active s -> unchanged("the agent has joined already");
      case Unresponsive s -> unchanged("the agent has joined already");
      case PendingProvision s -> unchanged("no droplet is expected yet");
      case Creating s -> unchanged("no droplet is known yet");
      case ErrorProvisioning s -> unchanged("the droplet is being removed");
      case Replacing s -> unchanged("the droplet is being removed");
      case PendingDeprovision s -> unchanged("the droplet is being removed");
      case Deprovisioning s -> unchanged("the droplet is being removed");
      case ErrorDeprovisioning s -> unchanged("the droplet is being removed");
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  private Outcome bootStageReached(Toolbox toolbox, BootStageReached fact) {
    return told(toolbox, Events.progressed(fact.stage(), fact.detail()));
  }

  /**
   * What the droplet phones home changes nothing by itself, and is told while the droplet counts.
   */
  private static Outcome told(Toolbox toolbox, EventOf progress) {
    return switch (toolbox.state()) {
      case Creating s -> changed(toolbox, s, progress);
      case Booting s -> changed(toolbox, s, progress);
      case AwaitingHeartbeat s -> changed(toolbox, s, progress);
      case Active s -> changed(toolbox, s, progress);
      case Unresponsive s -> changed(toolbox, s, progress);
      case PendingProvision s -> unchanged("no droplet is expected yet");
      case ErrorProvisioning s -> unchanged("the droplet is being removed");
      case Replacing s -> unchanged("the droplet is being removed");
      case PendingDeprovision s -> unchanged("the droplet is being removed");
      case Deprovisioning s -> unchanged("the droplet is being removed");
      case ErrorDeprovisioning s -> unchanged("the droplet is being removed");
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  /** Nothing more comes of a boot that has ended; from an agent that has joined it is a remark. */
  private Outcome bootFailed(Toolbox toolbox, BootFailed fact, Instant now) {
    var told = Events.progressed(BootStage.FAILED, fact.detail(), fact.logTail());
    if (toolbox.state() instanceof Booting s && s.agent() == null) {
      return bootFailed(toolbox, s.dropletId(), fact, now, told);
    }
    if (toolbox.state() instanceof AwaitingHeartbeat s && s.agent() == null) {
      return bootFailed(toolbox, s.dropletId(), fact, now, told);
    }
    return told(toolbox, told);
  }

  private Outcome bootFailed(
      Toolbox toolbox, long dropletId, BootFailed fact, Instant now, EventOf told) {
    var trouble =
        new Trouble(
            "boot_failed",
            "The boot of droplet "
                + dropletId
                + " of toolbox "
                + toolbox.id()
                + " failed"
                + (fact.detail() == null || fact.detail().isBlank()
                    ? "."
                    : ": " + fact.detail() + "."),
            "Read the end of the log in the toolbox's timeline, then recreate the toolbox.");
    return onceMoreOrNever(toolbox, dropletId, trouble, now, told);
  }

  private Outcome agentHealthy(Toolbox toolbox) {
    return switch (toolbox.state()) {
      case AwaitingHeartbeat s when s.agent() != null ->
          changed(
              toolbox.withFailedBoots(0),
              new Active(s.dropletId(), s.ipv4(), s.agent()),
              Events.statusChanged("the agent is healthy"));
      case Unresponsive s when !s.lost() ->
          changed(
              toolbox,
              new Active(s.dropletId(), s.ipv4(), s.agent()),
              Events.statusChanged("the agent is healthy again"));
      case AwaitingHeartbeat s -> unchanged("the agent has not joined");
      case Unresponsive s -> unchanged("the droplet is lost");
      case Active s -> unchanged("active already");
      case PendingProvision s -> unchanged("no droplet is expected yet");
      case Creating s -> unchanged("no droplet is known yet");
      case Booting s -> unchanged("the address is not known yet");
      case ErrorProvisioning s -> unchanged("the droplet is being removed");
      case Replacing s -> unchanged("the droplet is being removed");
      case PendingDeprovision s -> unchanged("the droplet is being removed");
      case Deprovisioning s -> unchanged("the droplet is being removed");
      case ErrorDeprovisioning s -> unchanged("the droplet is being removed");
      case Deprovisioned s -> unchanged("the toolbox is deleted");
    };
  }

  private Outcome agentDegraded(Toolbox toolbox, String reason) {
    return toolbox.state() instanceof Active s
        ? changed(
            toolbox,
            new Unresponsive(s.dropletId(), s.ipv4(), s.agent(), reason, false),
            Events.statusChanged(reason))
        : unchanged("not active");
  }

  private Outcome deadlinePassed(Toolbox toolbox, Instant now) {
    return switch (toolbox.state()) {
      case Creating s when isOver(s.deadline(), now) ->
          gaveUp(
              toolbox,
              leftovers(s, now),
              "create_timeout",
              "No droplet could be had for toolbox "
                  + toolbox.id()
                  + " within "
                  + words(deadlines.create())
                  + " ("
                  + s.attempts()
                  + " attempts).",
              "Look at the cloud's status page, then recreate the toolbox.");
      case Booting s when isOver(s.deadline(), now) ->
          onceMoreOrNever(
              toolbox,
              s.dropletId(),
              new Trouble(
                  "no_address",
                  "Droplet "
                      + s.dropletId()
                      + " of toolbox "
                      + toolbox.id()
                      + " had no public address "
                      + words(deadlines.boot())
                      + " after it was created.",
                  "Recreate the toolbox; if it happens again, choose another region."),
              now);
      case AwaitingHeartbeat s when isOver(s.deadline(), now) -> silentAgent(toolbox, s, now);
      case Deprovisioning s when isOver(s.deadline(), now) -> removing.gaveUp(toolbox, s, now);
      case Replacing s when isOver(s.deadline(), now) -> removing.gaveUpReplacing(toolbox, s, now);
      case Creating s -> unchanged("the deadline has not passed");
      case Booting s -> unchanged("the deadline has not passed");
      case AwaitingHeartbeat s -> unchanged("the deadline has not passed");
      case Deprovisioning s -> unchanged("the deadline has not passed");
      case Replacing s -> unchanged("the deadline has not passed");
      case PendingProvision s -> unchanged("this state has no deadline: its step is due at once");
      case PendingDeprovision s -> unchanged("this state has no deadline: its step is due at once");
      case Active s -> unchanged("this state has no deadline");
      case Unresponsive s -> unchanged("this state has no deadline");
      case ErrorProvisioning s -> unchanged("this state has no deadline");
      case ErrorDeprovisioning s -> unchanged("this state has no deadline");
      case Deprovisioned s -> unchanged("this state has no deadline");
    };
  }

  private Outcome silentAgent(Toolbox toolbox, AwaitingHeartbeat s, Instant now) {
    return s.agent() == null
        ? onceMoreOrNever(
            toolbox,
            s.dropletId(),
            new Trouble(
                "agent_never_joined",
                "The agent of toolbox "
                    + toolbox.id()
                    + " did not join from droplet "
                    + s.dropletId()
                    + " within "
                    + words(deadlines.join())
                    + ".",
                "Look at the boot stages in the toolbox's timeline, then recreate the toolbox."),
            now)
        : gaveUp(
            toolbox,
            Removal.of(s.dropletId(), now, now),
            "agent_never_healthy",
            "The agent of toolbox "
                + toolbox.id()
                + " joined from droplet "
                + s.dropletId()
                + " but was not healthy within "
                + words(deadlines.join())
                + ".",
            "Look at the toolbox's health findings, then recreate the toolbox.");
  }

  private static Outcome gaveUp(
      Toolbox toolbox, Removal cleanup, String code, String message, String action) {
    var trouble = new Trouble(code, message, action);
    return changed(toolbox, new ErrorProvisioning(trouble, cleanup), Events.failed(trouble));
  }

  /**
   * What an abandoned create may have left; null when no request ever went out without a clear
   * answer.
   */
  private Removal leftovers(Creating s, Instant now) {
    return s.attempts() == 0 ? null : Removal.of(null, now.plus(deadlines.listingLag()), now);
  }

  private static boolean isOver(Instant deadline, Instant now) {
    return !now.isBefore(deadline);
  }

  private static Instant soon(Instant now) {
    return now.plusSeconds(2);
  }

  /** 1, 2, 4 … 64 s. */
  static Duration backOff(int attempts) {
    return Duration.ofSeconds(1L << Math.clamp(attempts, 0, LONGEST_BACK_OFF));
  }

  static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
