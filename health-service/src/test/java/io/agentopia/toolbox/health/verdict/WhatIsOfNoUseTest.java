package io.agentopia.toolbox.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxBoot.BootProgressed;
import io.agentopia.toolbox.events.ToolboxLifecycle;
import io.agentopia.toolbox.events.ToolboxLifecycle.*;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.events.ToolboxStatus;
import io.agentopia.toolbox.health.remediation.AilingDroplet;
import io.agentopia.toolbox.health.remediation.Ailment;
import io.agentopia.toolbox.health.verdict.Health.*;
import io.agentopia.toolbox.testing.Told;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is passed over makes no difference: with and without it, the next event of use leads to the
 * same watch and the same loss, and an event of use that it overtook is still taken in rightly.
 */
class WhatIsOfNoUseTest {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final Instant BEFORE = NOW.minusSeconds(3600);
  private static final UUID ID = UUID.randomUUID();

  /** Of generation 3, as the provisioner tells them, with the state that can stand before each. */
  static Stream<Arguments> passedOver() {
    var provisioning = ToolboxStatus.PROVISIONING;
    var newDroplet =
        List.of(
            Told.dropletCreated(new Subject(ID, "a", 3, 8), provisioning, 9, "toolbox"),
            Told.dropletReplaced(new Subject(ID, "a", 3, 8), provisioning, 7, 9, "recreation"),
            Told.provisioningDelayed(
                new Subject(ID, "a", 3, 8), provisioning, 1, NOW, NOW, "code", "words"),
            Told.dtmaJoined(new Subject(ID, "a", 3, 8), provisioning, "0.1.0", 30000),
            Told.dtmaJoined(
                new Subject(ID, "a", 3, 8), ToolboxStatus.AWAITING_HEARTBEAT, "0.1.0", 30000));
    var first =
        List.of(
            Told.toolboxAccepted(
                new Subject(ID, "a", 1, 1), ToolboxStatus.PENDING_PROVISION, "n", "r", "s"),
            Told.toolboxRejected(
                new Subject(ID, "a", 1, 1),
                ToolboxStatus.ERROR_PROVISIONING,
                "code",
                "words",
                null,
                null));
    var watched =
        List.of(
            Told.dropletRebooted(new Subject(ID, "a", 3, 8), ToolboxStatus.ACTIVE, 9, "asked for"),
            Told.dtmaJoined(
                new Subject(ID, "a", 3, 8), ToolboxStatus.AWAITING_HEARTBEAT, "0.1.0", 30000));
    return Stream.of(
            pairs(newDroplet, watches(2, new Healthy(BEFORE), new Unwatched())),
            pairs(newDroplet, watches(3, new Unwatched())),
            pairs(newDroplet, List.of(Watch.none(BEFORE))),
            pairs(first, List.of(Watch.none(BEFORE))),
            pairs(watched, watches(3, new Starting(BEFORE), new Healthy(BEFORE))))
        .flatMap(s -> s);
  }

  private static Stream<Arguments> pairs(List<? extends ToolboxLifecycle> events, List<Watch> at) {
    return events.stream().flatMap(event -> at.stream().map(watch -> Arguments.of(watch, event)));
  }

  private static List<Watch> watches(long generation, Health... healths) {
    return Arrays.stream(healths).map(h -> new Watch(generation, 7, BEFORE, h)).toList();
  }

  private static List<ToolboxLifecycle> ofUse() {
    return List.of(
        Told.dropletReady(
            new Subject(ID, "a", 3, 9), ToolboxStatus.AWAITING_HEARTBEAT, 9, "203.0.113.1", 30000),
        Told.dropletLost(new Subject(ID, "a", 3, 9), ToolboxStatus.UNRESPONSIVE, 9, "gone"),
        Told.toolboxStatusChanged(new Subject(ID, "a", 3, 9), ToolboxStatus.ACTIVE, null),
        Told.toolboxStatusChanged(
            new Subject(ID, "a", 3, 9), ToolboxStatus.AWAITING_HEARTBEAT, null),
        Told.toolboxStatusChanged(
            new Subject(ID, "a", 3, 9), ToolboxStatus.PENDING_DEPROVISION, null),
        Told.toolboxStatusChanged(new Subject(ID, "a", 4, 9), ToolboxStatus.PROVISIONING, null),
        Told.toolboxFailed(
            new Subject(ID, "a", 3, 9), ToolboxStatus.ERROR_PROVISIONING, "code", "words", "do"),
        Told.toolboxDeleted(new Subject(ID, "a", 3, 9), ToolboxStatus.DEPROVISIONED));
  }

  @ParameterizedTest
  @MethodSource("passedOver")
  void theNextEventOfUseLeadsToTheSameWatch(Watch watch, ToolboxLifecycle event) {
    assertThat(Watch.isOfUse(event.getClass())).isFalse();
    for (var next : ofUse()) {
      assertThat(watch.after(next, NOW))
          .as("%s", next)
          .isEqualTo(watch.after(event, NOW).after(next, NOW));
    }
  }

  @ParameterizedTest
  @MethodSource("passedOver")
  void theNextEventOfUseLeadsToTheSameLoss(Watch watch, ToolboxLifecycle event) {
    var lost = lostBefore(event);
    for (var next : ofUse()) {
      assertThat(lost.after(next))
          .as("%s", next)
          .isEqualTo(lost.after(event).droplet().after(next));
      assertThat(lost.after(event).drafts()).isEmpty();
    }
  }

  /** Of the droplet before; becoming active has ended it. */
  private static AilingDroplet lostBefore(ToolboxLifecycle event) {
    var open =
        new AilingDroplet(
            new AilingDroplet.Key(ID, 2),
            new Ailment.Lost(),
            BEFORE,
            AilingDroplet.State.OPEN,
            null,
            UUID.randomUUID(),
            NOW);
    return event.status() == ToolboxStatus.ACTIVE
        ? open.after(
                Told.toolboxStatusChanged(new Subject(ID, "a", 3, 7), ToolboxStatus.ACTIVE, null))
            .droplet()
        : open;
  }

  @Test
  void everyTypeIsEitherOfUseOrShownHereToBeOfNone() {
    var shown = passedOver().map(a -> a.get()[1].getClass()).toList();
    var used = ofUse().stream().map(Object::getClass).toList();
    for (var type : ToolboxLifecycle.class.getPermittedSubclasses()) {
      var event = type.asSubclass(ToolboxLifecycle.class);
      assertThat(Watch.isOfUse(event) ? used.contains(type) : shown.contains(type))
          .as("%s", type)
          .isTrue();
    }
    assertThat(Watch.isOfUse(BootProgressed.class)).isFalse();
    assertThat(Watch.isOfUse(ToolboxRequested.class)).as("a dead letter, as before").isTrue();
  }
}
