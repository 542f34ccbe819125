package io.agentopia.toolbox.provisioner.toolbox;

import static io.agentopia.toolbox.provisioner.toolbox.Change.changed;
import static io.agentopia.toolbox.runtime.lifecycle.Transition.ignored;

import io.agentopia.toolbox.events.BootStage;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.provisioner.toolbox.Change.EventOf;
import io.agentopia.toolbox.provisioner.toolbox.Fact.*;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.*;
import io.agentopia.toolbox.runtime.lifecycle.Transition;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Changed;
import io.agentopia.toolbox.runtime.lifecycle.Transition.Ignored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What each fact makes of a toolbox in each state: the whole story of a toolbox, and the only place
 * that writes it. Pure: time is passed in. A fact that comes late, twice or out of order is {@link
 * Ignored<Toolbox, Event>}.
 */
public class Lifecycle {
  private static final int LONGEST_BACK_OFF = 6; // 2^6 = 64 s
  private static final String ANOTHER = "another droplet than this toolbox's";
  private static final String TOLD_AGAIN = "told again after a restore";
  private final Deadlines deadlines;
  private final Removing removing;
  private final Creation creation;

  public Lifecycle(Deadlines deadlines) {
    this.deadlines = deadlines;
    this.removing = new Removing(deadlines);
    this.creation = new Creation(deadlines, removing);
  }

  /** A new toolbox of a request that was found valid. */
  public Transition<Toolbox, Event> accept(
      ToolboxRequested request, String traceparent, Instant now) {
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
    return changed(toolbox, toolbox.state(), Events.accepted());
  }

  /**
   * The same toolbox, with what is known of it told once more: after a restore of its database.
   *
   * @param floor what it tells is numbered from there
   */
  public static Changed<Toolbox, Event> toldAgain(Toolbox toolbox, long floor) {
    return changed(toolbox.numberedFrom(floor), toolbox.state(), state(toolbox));
  }

  private static EventOf state(Toolbox toolbox) {
    return switch (toolbox.state()) {
      case PendingProvision s -> Events.accepted();
      case AwaitingHeartbeat s when s.agent() != null ->
          Events.ready(s.dropletId(), s.ipv4(), s.agent());
      case Active s -> Events.ready(s.dropletId(), s.ipv4(), s.agent());
      case Unresponsive s when s.lost() -> Events.lost(s.dropletId());
      case Unresponsive s -> Events.ready(s.dropletId(), s.ipv4(), s.agent());
      case ErrorProvisioning s -> Events.failed(s.trouble());
      case ErrorDeprovisioning s -> Events.failed(s.trouble());
      case Deprovisioned s -> Events.deleted();
      case Booting s -> Events.created(s.dropletId());
      case Creating s -> Events.statusChanged(TOLD_AGAIN);
      case AwaitingHeartbeat s -> Events.statusChanged(TOLD_AGAIN);
      case Replacing s -> Events.statusChanged(TOLD_AGAIN);
      case PendingDeprovision s -> Events.statusChanged(TOLD_AGAIN);
      case Deprovisioning s -> Events.statusChanged(TOLD_AGAIN);
    };
  }

  public Transition<Toolbox, Event> apply(Toolbox toolbox, Fact fact, Instant now) {
    return switch (fact) {
      case DeletionRequested f -> removing.deletionRequested(toolbox, f, now);
      case RecreationRequested f -> removing.recreationRequested(toolbox, f, now);
      case RemedyRequested f -> removing.remedyRequested(toolbox, now);
      case RetryRequested f -> removing.retryRequested(toolbox, f, now);
      case RemovalStarted f -> removing.started(toolbox, now);
      case DropletsGone f -> removing.dropletsGone(toolbox);
      case RemovalDeferred f -> removing.deferred(toolbox, f, now);
      case ProvisioningStarted f -> creation.started(toolbox, now);
      case CreateAttempted f -> creation.attempted(toolbox, now);
      case CreateSucceeded f -> creation.succeeded(toolbox, f.dropletId(), now);
      case CreateRefused f -> creation.refused(toolbox, f, now);
      case CreateUnsure f -> creation.unsure(toolbox, f, now);
      case CreateDeferred f -> creation.deferred(toolbox, f, now);
      case LookUpFailed f -> creation.lookUpFailed(toolbox, f, now);
      case NothingFound f -> creation.nothingFound(toolbox, f, now);
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
  public Transition<Toolbox, Event> applyResult(
      Toolbox toolbox, Toolbox begun, Fact result, Instant now) {
    if (toolbox.generation() != begun.generation()) {
      // Its droplets went before this generation began: removing them asked the cloud by tag.
      return ignored("the step was for an earlier generation");
    }
    if (toolbox.state().equals(begun.state())) {
      return apply(toolbox, result, now);
    }
    if (!(result instanceof CreateSucceeded)) {
      return ignored("the toolbox has moved on since the step began");
    }
    // A later request may be out, and this droplet gone: only the cloud knows which there are.
    return toolbox.state() instanceof Creating s && s.mayExist()
        ? ignored("the look-up under way finds whatever there is")
        : apply(toolbox, result, now);
  }

  /**
   * What a verdict on the toolbox's health makes of it. The fence: one on another generation, or
   * one that was overtaken by a later verdict, says nothing about now.
   *
   * @param verdict whose number it has, and of which generation it is
   */
  public Transition<Toolbox, Event> applyVerdict(
      Toolbox toolbox, Subject verdict, Fact fact, Instant now) {
    if (toolbox.generation() != verdict.generation()
        || verdict.sequence() <= toolbox.healthSequence()) {
      return ignored("the verdict is on another droplet, or a later one has counted");
    }
    var heard = toolbox.heard(verdict.sequence());
    return switch (apply(heard, fact, now)) {
      case Changed<Toolbox, Event> c -> c;
      case Ignored<Toolbox, Event> u -> new Changed<Toolbox, Event>(heard, List.of());
    };
  }

  /** What was seen for a state that has passed changes nothing: a look-up finds its droplet. */
  private Transition<Toolbox, Event> dropletSeen(Toolbox toolbox, DropletSeen fact, Instant now) {
    return switch (toolbox.state()) {
      case NoDroplet s -> ignored(s.why());
      case HasDroplet s when s.dropletId() != fact.dropletId() -> ignored(ANOTHER);
      case Booting s -> seenBooting(toolbox, s, fact, now);
      case Unresponsive s when s.lost() -> ignored("it is lost, and a list may lag");
      case HasAddress s -> readdressed(toolbox, s, fact);
    };
  }

  private Transition<Toolbox, Event> seenBooting(
      Toolbox toolbox, Booting s, DropletSeen fact, Instant now) {
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
        : ignored("nothing new about the droplet");
  }

  /** Dynamic address detection: the cloud's word is followed whenever it differs. */
  private static Transition<Toolbox, Event> readdressed(
      Toolbox toolbox, HasAddress s, DropletSeen fact) {
    if (fact.ipv4() == null || fact.ipv4().equals(s.ipv4())) {
      return ignored("nothing new about the droplet");
    }
    var next = s.at(fact.ipv4());
    var address = Events.progressed(BootStage.ADDRESS, fact.ipv4());
    return s.agent() == null
        ? changed(toolbox, next, address)
        : changed(toolbox, next, address, Events.ready(s.dropletId(), fact.ipv4(), s.agent()));
  }

  /** Its word that it did not know it was wrong, or of another account. */
  private static Transition<Toolbox, Event> dropletFound(Toolbox toolbox, DropletFound fact) {
    if (!(toolbox.state() instanceof Unresponsive s)
        || !s.lost()
        || s.dropletId() != fact.dropletId()) {
      return ignored("no such droplet is lost");
    }
    var ipv4 = fact.ipv4() == null ? s.ipv4() : fact.ipv4();
    return changed(
        toolbox,
        new Unresponsive(s.dropletId(), ipv4, s.agent(), "droplet_found", false),
        Events.ready(s.dropletId(), ipv4, s.agent()));
  }

  private Transition<Toolbox, Event> dropletMissing(
      Toolbox toolbox, DropletMissing fact, Instant now) {
    return switch (toolbox.state()) {
      case NoDroplet s -> ignored(s.why());
      case HasDroplet s when s.dropletId() != fact.dropletId() -> ignored(ANOTHER);
      case Booting s -> neverCameUp(toolbox, s.dropletId(), now);
      case AwaitingHeartbeat s -> neverCameUp(toolbox, s.dropletId(), now);
      case Unresponsive s when s.lost() -> ignored("known to be lost");
      case HasAddress s -> changed(toolbox, Unresponsive.lost(s), Events.lost(s.dropletId()));
    };
  }

  private Transition<Toolbox, Event> neverCameUp(Toolbox toolbox, long dropletId, Instant now) {
    var trouble = Troubles.disappeared(toolbox, dropletId);
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

  private Transition<Toolbox, Event> onceMore(
      Toolbox toolbox, long dropletId, Trouble trouble, Instant now, EventOf... before) {
    return removing.replacing(
        toolbox.withFailedBoots(toolbox.failedBoots() + 1),
        dropletId,
        trouble.message() + " It is tried once more with a new droplet.",
        now,
        before);
  }

  /** Of a droplet that will not come up: replaced once, then given up. */
  private Transition<Toolbox, Event> onceMoreOrNever(
      Toolbox toolbox, long dropletId, Trouble trouble, Instant now, EventOf... before) {
    if (isFirst(toolbox)) {
      return onceMore(toolbox, dropletId, trouble, now, before);
    }
    return changed(
        toolbox,
        new ErrorProvisioning(trouble, Removal.of(dropletId, now, now)),
        Events.and(before, Events.failed(trouble)));
  }

  private Transition<Toolbox, Event> agentJoined(Toolbox toolbox, Agent agent) {
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
      case HasAddress s -> ignored("the agent has joined already");
      case NoDroplet s -> ignored(s.why());
    };
  }

  private Transition<Toolbox, Event> bootStageReached(Toolbox toolbox, BootStageReached fact) {
    return told(toolbox, Events.progressed(fact.stage(), fact.detail()));
  }

  /**
   * What the droplet phones home changes nothing by itself, and is told while the droplet counts.
   */
  private static Transition<Toolbox, Event> told(Toolbox toolbox, EventOf progress) {
    return switch (toolbox.state()) {
      case HasDroplet s -> changed(toolbox, s, progress);
      case Creating s -> changed(toolbox, s, progress);
      case NoDroplet s -> ignored(s.why());
    };
  }

  /** Nothing more comes of a boot that has ended; from an agent that has joined it is a remark. */
  private Transition<Toolbox, Event> bootFailed(Toolbox toolbox, BootFailed fact, Instant now) {
    var told = Events.progressed(BootStage.FAILED, fact.detail(), fact.logTail());
    if (toolbox.state() instanceof Booting s && s.agent() == null) {
      return bootFailed(toolbox, s.dropletId(), fact, now, told);
    }
    if (toolbox.state() instanceof AwaitingHeartbeat s && s.agent() == null) {
      return bootFailed(toolbox, s.dropletId(), fact, now, told);
    }
    return told(toolbox, told);
  }

  private Transition<Toolbox, Event> bootFailed(
      Toolbox toolbox, long dropletId, BootFailed fact, Instant now, EventOf told) {
    var trouble = Troubles.bootFailed(toolbox, dropletId, fact.detail());
    return onceMoreOrNever(toolbox, dropletId, trouble, now, told);
  }

  private Transition<Toolbox, Event> agentHealthy(Toolbox toolbox) {
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
      case AwaitingHeartbeat s -> ignored("the agent has not joined");
      case Unresponsive s -> ignored("the droplet is lost");
      case Active s -> ignored("active already");
      case Booting s -> ignored("the address is not known yet");
      case NoDroplet s -> ignored(s.why());
    };
  }

  private Transition<Toolbox, Event> agentDegraded(Toolbox toolbox, String reason) {
    return toolbox.state() instanceof Active s
        ? changed(
            toolbox,
            new Unresponsive(s.dropletId(), s.ipv4(), s.agent(), reason, false),
            Events.statusChanged(reason))
        : ignored("not active");
  }

  private Transition<Toolbox, Event> deadlinePassed(Toolbox toolbox, Instant now) {
    if (!(toolbox.state() instanceof Timed timed) || now.isBefore(timed.deadline())) {
      return ignored("no deadline has passed");
    }
    return switch (timed) {
      case Creating s ->
          gaveUp(
              toolbox,
              creation.leftovers(s, now),
              Troubles.createTimeout(toolbox, deadlines.create(), s.attempts()));
      case Booting s ->
          onceMoreOrNever(
              toolbox,
              s.dropletId(),
              Troubles.noAddress(toolbox, s.dropletId(), deadlines.boot()),
              now);
      case AwaitingHeartbeat s -> silentAgent(toolbox, s, now);
      case Deprovisioning s -> removing.gaveUp(toolbox, s, now);
      case Replacing s -> removing.gaveUpReplacing(toolbox, s, now);
    };
  }

  private Transition<Toolbox, Event> silentAgent(
      Toolbox toolbox, AwaitingHeartbeat s, Instant now) {
    var id = s.dropletId();
    return s.agent() == null
        ? onceMoreOrNever(toolbox, id, Troubles.neverJoined(toolbox, id, deadlines.join()), now)
        : gaveUp(
            toolbox,
            Removal.of(id, now, now),
            Troubles.neverHealthy(toolbox, id, deadlines.join()));
  }

  private static Transition<Toolbox, Event> gaveUp(
      Toolbox toolbox, Removal cleanup, Trouble trouble) {
    return changed(toolbox, new ErrorProvisioning(trouble, cleanup), Events.failed(trouble));
  }

  /** 1, 2, 4 … 64 s. */
  static Duration backOff(int attempts) {
    return Duration.ofSeconds(1L << Math.clamp(attempts, 0, LONGEST_BACK_OFF));
  }

  static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
