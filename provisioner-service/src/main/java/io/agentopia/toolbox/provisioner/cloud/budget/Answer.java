package io.agentopia.toolbox.provisioner.cloud.budget;

import java.time.Duration;
import java.time.Instant;

/**
 * What an answer of the cloud says about its limits. Anything may be missing: a refusal often comes
 * without {@code retry-after}.
 *
 * @param isRefusal HTTP 429
 * @param remaining calls left in the hour, or null
 * @param reset when the oldest call leaves the hour, or null
 * @param retryAfter null when not said
 */
public record Answer(boolean isRefusal, Integer remaining, Instant reset, Duration retryAfter) {
  boolean isUsedUp() {
    return remaining != null && remaining <= 0;
  }
}
