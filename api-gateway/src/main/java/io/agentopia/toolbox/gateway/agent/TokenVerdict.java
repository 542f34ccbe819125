package io.agentopia.toolbox.gateway.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** What an agent's token is worth. What of it is signature and claims, the library says. */
public sealed interface TokenVerdict {

  /** Who an agent is. */
  record Agent(UUID toolboxId, String accountId, long generation) {}

  /**
   * @param isDueForRenewal after two thirds of its life, or when it was signed with a key on its
   *     way out
   */
  record Valid(Agent agent, boolean isDueForRenewal) implements TokenVerdict {}

  /** Ours, but over. Its agent may have it renewed when it proves that it holds its inbound key. */
  record Expired(Agent agent, boolean isRenewable) implements TokenVerdict {}

  /**
   * Not ours, or not for this.
   *
   * @param claimed the toolbox it says it is of, which nothing proves; null when it says none
   */
  record Foreign(Reason reason, UUID claimed) implements TokenVerdict {}

  /** Why a token is refused, as the audit has it. */
  enum Reason {
    MISSING,
    UNREADABLE,
    SIGNATURE,
    FOREIGN,
    EXPIRED,
    REPLACED,
    PROOF
  }

  /**
   * @param isSignedByCurrentKey and not by one on its way out
   */
  static Valid valid(
      Agent agent, Instant issuedAt, Instant expiresAt, boolean isSignedByCurrentKey, Instant now) {
    var life = Duration.between(issuedAt, expiresAt);
    var isInLastThird = !now.isBefore(issuedAt.plus(life.multipliedBy(2).dividedBy(3)));
    return new Valid(agent, !isSignedByCurrentKey || isInLastThird);
  }

  /**
   * @param grace how long after its end a token can still be renewed
   */
  static Expired expired(Agent agent, Instant expiresAt, Duration grace, Instant now) {
    return new Expired(agent, now.isBefore(expiresAt.plus(grace)));
  }
}
