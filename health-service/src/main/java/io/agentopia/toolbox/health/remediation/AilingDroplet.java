package io.agentopia.toolbox.health.remediation;

import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.DropletReady;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.remediation.Ailment.Lost;
import io.agentopia.toolbox.health.remediation.Ailment.Sick;
import io.agentopia.toolbox.health.remediation.Decision.GiveUp;
import io.agentopia.toolbox.health.remediation.Decision.Remediate;
import io.agentopia.toolbox.health.remediation.Decision.ShortCircuit;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import io.agentopia.toolbox.health.remediation.EventDraft.Ask;
import io.agentopia.toolbox.health.remediation.EventDraft.Raise;
import io.agentopia.toolbox.health.remediation.EventDraft.Resolve;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A droplet that is lost or sick, and what was done about it. Pure. It is replaced by the next
 * generation, deleted with its toolbox, well again, or there after all: the cloud was asked with a
 * token that sees other droplets.
 *
 * @param since when this service was told, UTC
 * @param asked for what was asked last, or null
 * @param alert id of the one that is open, or null; one id for all that is told of this ailment
 * @param dueAt when to decide again; null: nothing until an event comes
 */
public record AilingDroplet(
    Key key, Ailment ailment, Instant since, State state, Asked asked, UUID alert, Instant dueAt) {

  public record Key(UUID toolboxId, long generation) {}

  /** A remedy, and when it was asked for. */
  public record Asked(Remedy remedy, Instant at) {}

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
    /** It is well, another droplet is on its way, or the toolbox on its way out. */
    OVER,
    /** It is there after all, and so was no loss: nothing counts it. */
    FOUND
  }

  /** What it came to, and what has to be told in the same transaction. */
  public record Step(AilingDroplet droplet, List<EventDraft> drafts) {
    private static Step silent(AilingDroplet droplet) {
      return new Step(droplet, List.of());
    }
  }

  /** Others may ail at the same time: they are given the time to be told of. */
  public static AilingDroplet of(Key key, Ailment ailment, RemediationRules rules, Instant now) {
    return new AilingDroplet(key, ailment, now, State.OPEN, null, null, now.plus(rules.settle()));
  }

  /** The cloud does not know it any more: what it was sick of is no matter then. */
  public AilingDroplet lost(RemediationRules rules, Instant now) {
    return ailment instanceof Lost
        ? this
        : new AilingDroplet(
            key, new Lost(), now, State.OPEN, null, alert, now.plus(rules.settle()));
  }

  /** Sick once more, of the same or of something else, after it was well. */
  public AilingDroplet sick(Sick again, RemediationRules rules, Instant now) {
    return state == State.OVER && ailment instanceof Sick ? of(key, again, rules, now) : this;
  }

  /** A check found it well. */
  public Step recovered() {
    return ailment instanceof Sick && state != State.OVER
        ? over("the toolbox is healthy again")
        : Step.silent(this);
  }

  /**
   * @param newAlert id for an alert, should there be need of one
   */
  public Step after(Decision decision, UUID newAlert, RemediationRules rules, Instant now) {
    return switch (decision) {
      case Remediate d -> {
        var again = now.plus(d.rung().patience().apply(rules));
        yield new Step(
            with(State.OPEN, new Asked(d.rung().remedy(), now), alert, again),
            List.of(new Ask(d.rung().remedy(), ailment.reason())));
      }
      case Wait d -> Step.silent(with(state, asked, alert, d.until()));
      case ShortCircuit d -> {
        var again = now.plus(rules.heldLook());
        yield alert != null
            ? Step.silent(with(state, asked, alert, again))
            : raise(State.OPEN, newAlert, again, d.words());
      }
      case GiveUp d -> raise(State.GIVEN_UP, alert == null ? newAlert : alert, null, d.words());
    };
  }

  /** What an event of the toolbox's lifecycle makes of it; without change, this very object. */
  public Step after(ToolboxLifecycle event) {
    if (event.generation() < key.generation()) {
      return Step.silent(this);
    }
    if (CLOSING.contains(event.status())) {
      return over("the toolbox is being deleted");
    }
    if (event.generation() == key.generation()) {
      return event instanceof DropletReady && ailment instanceof Lost
          ? ended(State.FOUND, "the droplet is there")
          : Step.silent(this);
    }
    return event.status() == ToolboxStatus.ACTIVE
        ? over("the toolbox is healthy again")
        : Step.silent(state == State.OVER ? this : with(State.OVER, asked, alert, null));
  }

  private Step over(String reason) {
    return ended(State.OVER, reason);
  }

  private Step ended(State end, String reason) {
    return new Step(
        with(end, asked, null, null),
        alert == null ? List.of() : List.of(new Resolve(alert, reason)));
  }

  private Step raise(State state, UUID alert, Instant dueAt, Advice words) {
    return new Step(
        with(state, asked, alert, dueAt),
        List.of(new Raise(alert, words.summary(), words.action())));
  }

  private AilingDroplet with(State state, Asked asked, UUID alert, Instant dueAt) {
    return new AilingDroplet(key, ailment, since, state, asked, alert, dueAt);
  }
}
