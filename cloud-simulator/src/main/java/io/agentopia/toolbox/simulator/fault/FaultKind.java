package io.agentopia.toolbox.simulator.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What can be made to go wrong; each kind with the settings it understands. */
public enum FaultKind {
  /** 429 with {@code retry-after}. */
  RATE_LIMITED("retryAfterSeconds"),
  /** A 5xx answer; nothing is done. */
  SERVER_ERROR("status"),
  /** The droplet is created, but the answer never comes: the connection is held, then closed. */
  TIMEOUT_AFTER_CREATE("delayMs"),
  /** New droplets are missing from the lists for a time. */
  STALE_LIST("delayMs"),
  /** The droplet becomes active, but its machine stays silent. */
  NEVER_BOOTS(),
  /** The droplet never gets an address. */
  NO_ADDRESS(),
  /** The droplet is gone after a time, and nobody asked for it. */
  DISAPPEARS("delayMs"),
  /** The simulated engine cannot pull an image. */
  PULL_FAILS("status"),
  /** An agent started from an image that fits ends with a status after a time, and does nothing. */
  BROKEN_AGENT("status", "delayMs"),
  /** The answer is late. */
  SLOW("delayMs"),
  /** 401, whatever the token. */
  UNAUTHORIZED();

  private final Set<String> settings;

  FaultKind(String... settings) {
    this.settings = Set.of(settings);
  }

  public boolean understands(String setting) {
    return settings.contains(setting);
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<FaultKind> of(String word) {
    return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
  }

  public static String words() {
    return String.join(", ", Arrays.stream(values()).map(FaultKind::word).toList());
  }
}
