package io.agentopia.toolbox.simulator.droplet;

import java.time.Duration;
import java.time.Instant;

/**
 * What time will bring to a droplet's machine.
 *
 * @param addressAt null once it has one, or when it never gets one
 * @param bootAt null when no boot is due
 * @param bootAfter from having power and address to running user-data
 * @param vanishesAt null unless a fault takes it away
 * @param listedFrom null unless a fault keeps it out of the lists until then
 * @param neverBoots a fault: the machine is active and stays silent
 * @param up whether the machine runs
 */
public record Plan(
    Instant addressAt,
    Instant bootAt,
    Duration bootAfter,
    Instant vanishesAt,
    Instant listedFrom,
    boolean neverBoots,
    boolean up) {

  Plan addressed(Instant now) {
    return new Plan(null, bootFrom(now), bootAfter, vanishesAt, listedFrom, neverBoots, up);
  }

  Plan booted() {
    return new Plan(addressAt, null, bootAfter, vanishesAt, listedFrom, neverBoots, true);
  }

  Plan down() {
    return new Plan(addressAt, null, bootAfter, vanishesAt, listedFrom, neverBoots, false);
  }

  Plan bootingFrom(Instant now) {
    return new Plan(addressAt, bootFrom(now), bootAfter, vanishesAt, listedFrom, neverBoots, up);
  }

  Plan vanishing(Instant at) {
    return new Plan(addressAt, bootAt, bootAfter, at, listedFrom, neverBoots, up);
  }

  private Instant bootFrom(Instant now) {
    return neverBoots ? null : now.plus(bootAfter);
  }
}
