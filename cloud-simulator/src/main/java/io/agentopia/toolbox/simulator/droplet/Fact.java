package io.agentopia.toolbox.simulator.droplet;

import java.time.Duration;
import java.time.Instant;

/** What can happen to a droplet. */
public sealed interface Fact {
  record TimePassed() implements Fact {}

  record AddressFound(String address) implements Fact {}

  record ActionRequested(long actionId, Pending.Request request, Duration takes) implements Fact {}

  /**
   * @param actionId of the destroy event
   */
  record DeletionRequested(long actionId, Duration takes) implements Fact {}

  /** A fault: at that time the droplet is no more, and nobody asked for it. */
  record DoomedAt(Instant at) implements Fact {}

  record Tagged(String tag) implements Fact {}

  record Untagged(String tag) implements Fact {}
}
