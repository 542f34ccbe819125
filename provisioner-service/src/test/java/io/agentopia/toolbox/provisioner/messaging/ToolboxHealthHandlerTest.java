package io.agentopia.toolbox.provisioner.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Severity;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.testing.Told;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ToolboxHealthHandlerTest {
  private static final UUID ID = UUID.randomUUID();
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private final ToolboxHealthHandler handler = new ToolboxHealthHandler(null, null);

  static Stream<ToolboxHealth> events() {
    return Stream.of(
        Told.dtmaHealthy(new Subject(ID, "a", 1, 1), "0.1.0"),
        Told.healthDegraded(
            new Subject(ID, "a", 1, 1),
            new HealthReason("heartbeat_missing"),
            "silent",
            NOW,
            List.of()),
        Told.healthRecovered(new Subject(ID, "a", 1, 1), 60),
        Told.remediationRequested(
            new Subject(ID, "a", 1, 1), Remedy.RECREATE_DROPLET, new HealthReason("lost")),
        Told.agentUpgradeRequested(
            new Subject(ID, "a", 1, 1), UUID.randomUUID(), "v2", List.of("image")),
        Told.alertRaised(
            new Subject(ID, "a", 1, 1),
            UUID.randomUUID(),
            new Severity("critical"),
            "summary",
            "action"),
        Told.alertResolved(new Subject(ID, "a", 1, 1), UUID.randomUUID(), null));
  }

  @Test
  void everyEventOfTheTopicIsHere() {
    assertThat(events().map(Object::getClass))
        .hasSameElementsAs(Arrays.asList(ToolboxHealth.class.getPermittedSubclasses()));
  }

  @ParameterizedTest
  @MethodSource("events")
  void ofNoUseIsExactlyWhatNothingIsMadeOf(ToolboxHealth event) {
    assertThat(handler.isOfUse(event.getClass()))
        .isEqualTo(ToolboxHealthHandler.asFact(event).isPresent());
  }

  /** It is a dead letter, so that whoever sent it learns of it. */
  @Test
  void whatDoesNotBelongOnTheTopicIsNotPassedOver() {
    assertThat(handler.isOfUse(ToolboxRequested.class)).isTrue();
  }
}
