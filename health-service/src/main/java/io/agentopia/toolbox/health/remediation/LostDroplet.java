package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.remediation.Decision.GiveUp;
import io.agentopia.toolbox.health.remediation.Decision.Hold;
import io.agentopia.toolbox.health.remediation.Decision.Remedy;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import io.agentopia.toolbox.health.remediation.Notice.Ask;
import io.agentopia.toolbox.health.remediation.Notice.Raise;
import io.agentopia.toolbox.health.remediation.Notice.Resolve;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A droplet that is lost, and what was done about it. Pure. It is replaced by the next generation,
 * deleted with its toolbox, or there after all: the cloud was asked with a token that sees other
 * droplets.
 *
 * @param since when this service was told, UTC
 * @param askedAt when a remedy was asked for last, or null
 * @param alert id of the one that is open, or null; one id for all that is told of this loss
 * @param dueAt when to decide again; null: nothing until an event comes
 */
public record LostDroplet(
    UUID toolboxId,
    long generation,
    Instant since,
    State state,
    Instant askedAt,
    UUID alert,
    Instant dueAt) {

  private static final String REASON = "droplet_lost";
  private static final Set<ToolboxStatus> CLOSING =
      EnumSet.of(
          ToolboxStatus.PENDING_DEPROVISION,
          ToolboxStatus.DEPROVISIONING,
          ToolboxStatus.DEPROVISIONED,
          ToolboxStatus.ERROR_DEPROVISIONING);

  public enum State {
    /** To be healed. */
    OPEN,
    /** A person has to decide. */
    GIVEN_UP,
    /** Another droplet is on its way, or the toolbox on its way out. */
    OVER,
    /** It is there after all, and so was no loss: nothing counts it. */
    FOUND
  }

  /** What it came to, and what has to be told in the same transaction. */
  public record Step(LostDroplet loss, List<Notice> notices) {
    private static Step silent(LostDroplet loss) {
      return new Step(loss, List.of());
    }
  }

  /** Others may be lost at the same time: they are given the time to be told of. */
  public static LostDroplet of(UUID toolboxId, long generation, Rules rules, Instant now) {
    return new LostDroplet(
        toolboxId, generation, now, State.OPEN, null, null, now.plus(rules.settle()));
  }

  /**
   * @param newAlert id for an alert, should there be need of one
   */
  public Step after(Decision decision, UUID newAlert, Rules rules, Instant now) {
    return switch (decision) {
      case Remedy d ->
          new Step(
              with(State.OPEN, now, alert, now.plus(rules.patience())),
              List.of(new Ask(RemediationRequested.RECREATE_DROPLET, REASON)));
      case Wait d -> Step.silent(with(state, askedAt, alert, d.until()));
      case Hold d -> {
        var again = now.plus(rules.heldLook());
        yield alert != null
            ? Step.silent(with(state, askedAt, alert, again))
            : raise(State.OPEN, newAlert, again, d.words());
      }
      case GiveUp d -> raise(State.GIVEN_UP, alert == null ? newAlert : alert, null, d.words());
    };
  }

  /** What an event of the toolbox's lifecycle makes of it; without change, this very object. */
  public Step after(ToolboxLifecycle event) {
    if (event.generation() < generation) {
      return Step.silent(this);
    }
    if (CLOSING.contains(event.status())) {
      return over("the toolbox is being deleted");
    }
    if (event.generation() == generation) {
      return event instanceof DropletReady
          ? ended(State.FOUND, "the droplet is there")
          : Step.silent(this);
    }
    return event.status() == ToolboxStatus.ACTIVE
        ? over("the toolbox is healthy again")
        : Step.silent(state == State.OVER ? this : with(State.OVER, askedAt, alert, null));
  }

  private Step over(String reason) {
    return ended(State.OVER, reason);
  }

  private Step ended(State end, String reason) {
    return new Step(
        with(end, askedAt, null, null),
        alert == null ? List.of() : List.of(new Resolve(alert, reason)));
  }

  private Step raise(State state, UUID alert, Instant dueAt, Words words) {
    return new Step(
        with(state, askedAt, alert, dueAt),
        List.of(new Raise(alert, words.summary(), words.action())));
  }

  private LostDroplet with(State state, Instant askedAt, UUID alert, Instant dueAt) {
    return new LostDroplet(toolboxId, generation, since, state, askedAt, alert, dueAt);
  }
}
