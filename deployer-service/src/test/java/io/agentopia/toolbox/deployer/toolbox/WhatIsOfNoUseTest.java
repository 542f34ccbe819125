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
import io.agentopia.toolbox.testing.Sample;
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
        Sample.of(
            DropletCreated.class,
            new Subject(ID, "a", 3, 8),
            "status",
            provisioning,
            "dropletId",
            9,
            "dropletName",
            "toolbox"),
        Sample.of(
            DtmaJoined.class,
            new Subject(ID, "a", 3, 8),
            "status",
            ToolboxStatus.AWAITING_HEARTBEAT,
            "agentVersion",
            "0.1.0",
            "agentPort",
            30000),
        Sample.of(
            DropletRebooted.class,
            new Subject(ID, "a", 3, 8),
            "status",
            ToolboxStatus.ACTIVE,
            "dropletId",
            9,
            "reason",
            "asked for"),
        Sample.of(
            ProvisioningDelayed.class,
            new Subject(ID, "a", 3, 8),
            "status",
            provisioning,
            "attempt",
            1,
            "nextAttemptAt",
            NOW,
            "givesUpAt",
            NOW,
            "code",
            "code",
            "message",
            "words"),
        Sample.of(
            RemediationRequested.class,
            new Subject(ID, "a", 3, 8),
            "remedy",
            new Remedy("recreate_droplet"),
            "reason",
            new HealthReason("droplet_lost")),
        Sample.of(
            AgentUpgradeRequested.class,
            new Subject(ID, "a", 3, 8),
            "rolloutId",
            UUID.randomUUID(),
            "version",
            "v2",
            "images",
            List.of("image")),
        Sample.of(
            AlertRaised.class,
            new Subject(ID, "a", 3, 8),
            "alertId",
            UUID.randomUUID(),
            "severity",
            new Severity("critical"),
            "summary",
            "words",
            "action",
            "do"),
        Sample.of(
            AlertResolved.class,
            new Subject(ID, "a", 3, 8),
            "alertId",
            UUID.randomUUID(),
            "reason",
            null));
  }

  private static List<Event> ofUse() {
    return List.of(
        Sample.of(
            ToolboxAccepted.class,
            new Subject(ID, "a", 3, 9),
            "status",
            ToolboxStatus.PENDING_PROVISION,
            "name",
            "n",
            "region",
            "r",
            "size",
            "s"),
        Sample.of(
            ToolboxRejected.class,
            new Subject(ID, "a", 3, 9),
            "status",
            ToolboxStatus.ERROR_PROVISIONING,
            "code",
            "code",
            "message",
            "words",
            "action",
            null,
            "field",
            null),
        Sample.of(
            DropletReady.class,
            new Subject(ID, "a", 3, 9),
            "status",
            ToolboxStatus.AWAITING_HEARTBEAT,
            "dropletId",
            9,
            "ipv4",
            "203.0.113.1",
            "agentPort",
            30000),
        Sample.of(
            DropletLost.class,
            new Subject(ID, "a", 3, 9),
            "status",
            ToolboxStatus.UNRESPONSIVE,
            "dropletId",
            9,
            "reason",
            "gone"),
        Sample.of(
            DropletReplaced.class,
            new Subject(ID, "a", 4, 9),
            "status",
            ToolboxStatus.PROVISIONING,
            "oldDropletId",
            7,
            "newDropletId",
            9,
            "reason",
            "recreation"),
        Sample.of(
            ToolboxStatusChanged.class,
            new Subject(ID, "a", 3, 9),
            "status",
            ToolboxStatus.ACTIVE,
            "reason",
            null),
        Sample.of(
            ToolboxStatusChanged.class,
            new Subject(ID, "a", 3, 9),
            "status",
            ToolboxStatus.PENDING_DEPROVISION,
            "reason",
            null),
        Sample.of(
            ToolboxStatusChanged.class,
            new Subject(ID, "a", 4, 9),
            "status",
            ToolboxStatus.PROVISIONING,
            "reason",
            null),
        Sample.of(
            ToolboxFailed.class,
            new Subject(ID, "a", 3, 9),
            "status",
            ToolboxStatus.ERROR_PROVISIONING,
            "code",
            "code",
            "message",
            "words",
            "action",
            "do"),
        Sample.of(
            ToolboxDeleted.class,
            new Subject(ID, "a", 3, 9),
            "status",
            ToolboxStatus.DEPROVISIONED),
        Sample.of(DtmaHealthy.class, new Subject(ID, "a", 3, 9), "agentVersion", "0.1.0"),
        Sample.of(
            HealthDegraded.class,
            new Subject(ID, "a", 3, 9),
            "reason",
            new HealthReason("heartbeat_missing"),
            "message",
            "silent",
            "since",
            NOW,
            "findings",
            List.of()),
        Sample.of(HealthRecovered.class, new Subject(ID, "a", 3, 9), "degradedSeconds", 60));
  }

  /** One never heard of, one whose next droplet is on its way, and one that runs. */
  private static List<Toolbox> toolboxes() {
    var running = Toolbox.heardOf(ID, "a", true, NOW);
    for (var event :
        List.of(
            Sample.of(
                DropletReady.class,
                new Subject(ID, "a", 2, 6),
                "status",
                ToolboxStatus.ACTIVE,
                "dropletId",
                7,
                "ipv4",
                "203.0.113.2",
                "agentPort",
                30000),
            Sample.of(
                DropletReady.class,
                new Subject(ID, "a", 3, 7),
                "status",
                ToolboxStatus.ACTIVE,
                "dropletId",
                8,
                "ipv4",
                "203.0.113.3",
                "agentPort",
                30000))) {
      running = ((Learning.Learned) running.learn(event)).toolbox();
    }
    var before = (Learning.Learned) Toolbox.heardOf(ID, "a", true, NOW).learn(ready(2, 6));
    return List.of(Toolbox.heardOf(ID, "a", true, NOW), before.toolbox(), running);
  }

  private static DropletReady ready(long generation, long sequence) {
    return Sample.of(
        DropletReady.class,
        new Subject(ID, "a", generation, sequence),
        "status",
        ToolboxStatus.ACTIVE,
        "dropletId",
        7,
        "ipv4",
        "203.0.113.2",
        "agentPort",
        30000);
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
