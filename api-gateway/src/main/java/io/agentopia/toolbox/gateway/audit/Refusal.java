package io.agentopia.toolbox.gateway.audit;

import java.time.Instant;
import java.util.UUID;

/**
 * A credential that was refused: what kind, why, for which toolbox, from where. Never the
 * credential itself.
 *
 * @param toolboxId the one it was for, or says it is for; null when that is not known
 * @param remoteAddress null where many are counted as one
 */
public record Refusal(
    String credential, String reason, UUID toolboxId, Long generation, String remoteAddress) {

  /** The same refusal as often as it came within one hour. */
  public record Counted(
      String credential,
      String reason,
      UUID toolboxId,
      Long generation,
      String remoteAddress,
      long count,
      Instant firstAt,
      Instant lastAt) {}
}
