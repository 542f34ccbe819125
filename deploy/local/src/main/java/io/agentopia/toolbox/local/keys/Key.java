package io.agentopia.toolbox.local.keys;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * One key of a ring.
 *
 * @param notBefore used from then on; accepted as soon as it stands in the ring
 * @param notAfter not accepted any more from then on; null: until it is rotated out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Key(String id, String secret, Instant notBefore, Instant notAfter) {

  boolean isOver(Instant now) {
    return notAfter != null && !now.isBefore(notAfter);
  }

  boolean isWaiting(Instant now) {
    return notBefore != null && now.isBefore(notBefore);
  }

  Key until(Instant end) {
    return new Key(
        id, secret, notBefore, notAfter != null && notAfter.isBefore(end) ? notAfter : end);
  }

  /** Secrets stay out of logs. */
  @Override
  public String toString() {
    return "Key[id=" + id + "]";
  }
}
