package io.agentopia.toolbox.provisioner.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.HealthReason;
import io.agentopia.toolbox.events.Remedy;
import io.agentopia.toolbox.events.Severity;
import io.agentopia.toolbox.events.Subject;
import io.agentopia.toolbox.events.ToolboxHealth;
import io.agentopia.toolbox.events.ToolboxHealth.AgentUpgradeRequested;
import io.agentopia.toolbox.events.ToolboxHealth.AlertRaised;
import io.agentopia.toolbox.events.ToolboxHealth.AlertResolved;
import io.agentopia.toolbox.events.ToolboxHealth.DtmaHealthy;
import io.agentopia.toolbox.events.ToolboxHealth.HealthDegraded;
import io.agentopia.toolbox.events.ToolboxHealth.HealthRecovered;
import io.agentopia.toolbox.events.ToolboxHealth.RemediationRequested;
import io.agentopia.toolbox.events.ToolboxRequest.ToolboxRequested;
import io.agentopia.toolbox.testing.Sample;
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
        Sample.of(DtmaHealthy.class, new Subject(ID, "a", 1, 1), "agentVersion", "0.1.0"),
        Sample.of(
            HealthDegraded.class,
            new Subject(ID, "a", 1, 1),
            "reason",
            new HealthReason("heartbeat_missing"),
            "message",
            "silent",
            "since",
            NOW,
            "findings",
            List.of()),
        Sample.of(HealthRecovered.class, new Subject(ID, "a", 1, 1), "degradedSeconds", 60),
        Sample.of(
            RemediationRequested.class,
            new Subject(ID, "a", 1, 1),
            "remedy",
            Remedy.RECREATE_DROPLET,
            "reason",
            new HealthReason("lost")),
        Sample.of(
            AgentUpgradeRequested.class,
            new Subject(ID, "a", 1, 1),
            "rolloutId",
            UUID.randomUUID(),
            "version",
            "v2",
            "images",
            List.of("image")),
        Sample.of(
            AlertRaised.class,
            new Subject(ID, "a", 1, 1),
            "alertId",
            UUID.randomUUID(),
            "severity",
            new Severity("critical"),
            "summary",
            "summary",
            "action",
            "action"),
        Sample.of(
            AlertResolved.class,
            new Subject(ID, "a", 1, 1),
            "alertId",
            UUID.randomUUID(),
            "reason",
            null));
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
