package io.agentopia.toolbox.runtime.ids;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/** New identifiers: UUID version 7 (RFC 9562), so that they sort by the time of their making. */
@ApplicationScoped
public class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();
  private final Clock clock;

  @Inject
  public Ids(Clock clock) {
    this.clock = clock;
  }

  public UUID next() {
    return v7(clock.millis(), RANDOM.nextLong(), RANDOM.nextLong());
  }

  static UUID v7(long millis, long randomA, long randomB) {
    var high = (millis << 16) | 0x7000L | (randomA & 0x0FFFL);
    var low = (randomB & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low);
  }
}
