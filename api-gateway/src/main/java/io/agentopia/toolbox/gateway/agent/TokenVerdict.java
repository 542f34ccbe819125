package io.agentopia.toolbox.gateway.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** What an agent's token is worth. The signature was looked at before; everything else is here. */
public sealed interface TokenVerdict {

  /** Who an agent is. */
  record Agent(UUID toolboxId, String accountId, long generation) {}

  /** What a token of ours says; its signature is good. */
  record Claims(
      String issuer,
      String audience,
      Agent agent,
      Instant issuedAt,
      Instant expiresAt,
      boolean signedByCurrentKey) {}

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
   * @param grace how long after its end a token can still be renewed
   */
  static TokenVerdict of(
      Claims claims, String issuer, String audience, Instant now, Duration grace) {
    if (!issuer.equals(claims.issuer()) || !audience.equals(claims.audience())) {
      return new Foreign(Reason.FOREIGN, claims.agent().toolboxId());
    }
    if (now.isBefore(claims.expiresAt())) {
      return new Valid(claims.agent(), !claims.signedByCurrentKey() || isInLastThird(claims, now));
    }
    return new Expired(claims.agent(), now.isBefore(claims.expiresAt().plus(grace)));
  }

  private static boolean isInLastThird(Claims claims, Instant now) {
    var life = Duration.between(claims.issuedAt(), claims.expiresAt());
    return !now.isBefore(claims.issuedAt().plus(life.multipliedBy(2).dividedBy(3)));
  }
}
