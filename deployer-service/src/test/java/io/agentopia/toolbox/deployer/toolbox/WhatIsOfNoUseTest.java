package io.agentopia.toolbox.deployer.toolbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.deployer.tool.ToolFact;
import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Severity;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolRequest.ToolStopRequested;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.*;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.testing.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is passed over makes no difference: with and without it, the next event of use leads to the
 * same toolbox and tells its tools the same.
 */
class WhatIsOfNoUseTest {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final UUID ID = UUID.randomUUID();

  /** Of generation 3, as their writers tell them. */
  static Stream<Event> passedOver() {
    var provisioning = ToolboxStatus.PROVISIONING;
    return Stream.of(
        Told.dropletCreated(new Subject(ID, "a", 3, 8), provisioning, 9, "toolbox"),
        Told.dtmaJoined(
            new Subject(ID, "a", 3, 8), ToolboxStatus.AWAITING_HEARTBEAT, "0.1.0", 30000),
        Told.dropletRebooted(new Subject(ID, "a", 3, 8), ToolboxStatus.ACTIVE, 9, "asked for"),
        Told.provisioningDelayed(
            new Subject(ID, "a", 3, 8), provisioning, 1, NOW, NOW, "code", "words"),
        Told.remediationRequested(
            new Subject(ID, "a", 3, 8),
            new Remedy("recreate_droplet"),
            new HealthReason("droplet_lost")),
        Told.agentUpgradeRequested(
            new Subject(ID, "a", 3, 8), UUID.randomUUID(), "v2", List.of("image")),
        Told.alertRaised(
            new Subject(ID, "a", 3, 8), UUID.randomUUID(), new Severity("critical"), "words", "do"),
        Told.alertResolved(new Subject(ID, "a", 3, 8), UUID.randomUUID(), null));
  }

  private static List<Event> ofUse() {
    return List.of(
        Told.toolboxAccepted(
            new Subject(ID, "a", 3, 9), ToolboxStatus.PENDING_PROVISION, "n", "r", "s"),
        Told.toolboxRejected(
            new Subject(ID, "a", 3, 9),
            ToolboxStatus.ERROR_PROVISIONING,
            "code",
            "words",
            null,
            null),
        Told.dropletReady(
            new Subject(ID, "a", 3, 9), ToolboxStatus.AWAITING_HEARTBEAT, 9, "203.0.113.1", 30000),
        Told.dropletLost(new Subject(ID, "a", 3, 9), ToolboxStatus.UNRESPONSIVE, 9, "gone"),
        Told.dropletReplaced(
            new Subject(ID, "a", 4, 9), ToolboxStatus.PROVISIONING, 7, 9, "recreation"),
        Told.toolboxStatusChanged(new Subject(ID, "a", 3, 9), ToolboxStatus.ACTIVE, null),
        Told.toolboxStatusChanged(
            new Subject(ID, "a", 3, 9), ToolboxStatus.PENDING_DEPROVISION, null),
        Told.toolboxStatusChanged(new Subject(ID, "a", 4, 9), ToolboxStatus.PROVISIONING, null),
        Told.toolboxFailed(
            new Subject(ID, "a", 3, 9), ToolboxStatus.ERROR_PROVISIONING, "code", "words", "do"),
        Told.toolboxDeleted(new Subject(ID, "a", 3, 9), ToolboxStatus.DEPROVISIONED),
        Told.dtmaHealthy(new Subject(ID, "a", 3, 9), "0.1.0"),
        Told.healthDegraded(
            new Subject(ID, "a", 3, 9),
            new HealthReason("heartbeat_missing"),
            "silent",
            NOW,
            List.of()),
        Told.healthRecovered(new Subject(ID, "a", 3, 9), 60));
  }

  /** One never heard of, one whose next droplet is on its way, and one that runs. */
  private static List<Toolbox> toolboxes() {
    var running = Toolbox.heardOf(ID, "a", true, NOW);
    for (var event :
        List.of(
            Told.dropletReady(
                new Subject(ID, "a", 2, 6), ToolboxStatus.ACTIVE, 7, "203.0.113.2", 30000),
            Told.dropletReady(
                new Subject(ID, "a", 3, 7), ToolboxStatus.ACTIVE, 8, "203.0.113.3", 30000))) {
      running = ((Learning.Learned) running.learn(event)).toolbox();
    }
    var before = (Learning.Learned) Toolbox.heardOf(ID, "a", true, NOW).learn(ready(2, 6));
    return List.of(Toolbox.heardOf(ID, "a", true, NOW), before.toolbox(), running);
  }

  private static DropletReady ready(long generation, long sequence) {
    return Told.dropletReady(
        new Subject(ID, "a", generation, sequence), ToolboxStatus.ACTIVE, 7, "203.0.113.2", 30000);
  }

  @ParameterizedTest
  @MethodSource("passedOver")
  void theNextEventOfUseTellsTheSame(Event event) {
    assertThat(Toolbox.isOfUse(event.getClass())).isFalse();
    for (var toolbox : toolboxes()) {
      for (var next : sameWriters(event)) {
        var without = (Learning.Learned) learn(toolbox, next);
        var first = (Learning.Learned) learn(toolbox, event);
        var with = (Learning.Learned) learn(first.toolbox(), next);
        var facts = new ArrayList<ToolFact>(first.forEveryTool());
        facts.addAll(with.forEveryTool());
        if (next instanceof ToolboxDeleted) {
          facts.remove(new ToolFact.DropletReplaced()); // the tools go, wherever they were
        }
        assertThat(without.toolbox()).as("%s", next).isEqualTo(with.toolbox());
        assertThat(Set.copyOf(without.forEveryTool())).as("%s", next).isEqualTo(Set.copyOf(facts));
      }
    }
  }

  /** A rejection is of a toolbox that has no other events. */
  private static List<Event> sameWriters(Event event) {
    return ofUse().stream()
        .filter(e -> e instanceof ToolboxLifecycle == event instanceof ToolboxLifecycle)
        .filter(e -> !(e instanceof ToolboxRejected))
        .toList();
  }

  private static Learning learn(Toolbox toolbox, Event event) {
    return event instanceof ToolboxLifecycle e
        ? toolbox.learn(e)
        : toolbox.learn((ToolboxHealth) event);
  }

  @Test
  void everyTypeIsEitherOfUseOrShownHereToBeOfNone() {
    var shown = passedOver().map(Object::getClass).collect(Collectors.toSet());
    var used = ofUse().stream().map(Object::getClass).collect(Collectors.toSet());
    Stream.of(ToolboxLifecycle.class, ToolboxHealth.class)
        .flatMap(topic -> Arrays.stream(topic.getPermittedSubclasses()))
        .map(type -> type.asSubclass(Event.class))
        .forEach(
            type ->
                assertThat(Toolbox.isOfUse(type) ? used.contains(type) : shown.contains(type))
                    .as("%s", type)
                    .isTrue());
    assertThat(Toolbox.isOfUse(BootProgressed.class)).isFalse();
    assertThat(Toolbox.isOfUse(ToolStopRequested.class)).as("a dead letter, as before").isTrue();
  }
}
