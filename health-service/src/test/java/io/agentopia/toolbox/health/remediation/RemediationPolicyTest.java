package io.agentopia.toolbox.health.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.health.HealthConfig;
import io.agentopia.toolbox.health.remediation.AilingDroplet.Key;
import io.agentopia.toolbox.health.remediation.Ailment.Lost;
import io.agentopia.toolbox.health.remediation.Decision.GiveUp;
import io.agentopia.toolbox.health.remediation.Decision.Remediate;
import io.agentopia.toolbox.health.remediation.Decision.ShortCircuit;
import io.agentopia.toolbox.health.remediation.Decision.Wait;
import io.agentopia.toolbox.health.remediation.RemediationContext.Fleet;
import io.agentopia.toolbox.runtime.config.ShippedSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each guard's threshold as a pair: just short of it, and at it. */
class RemediationPolicyTest {
  static final RemediationRules RULES =
      ShippedSettings.of(HealthConfig.class, Map.of()).remediation();
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final Fleet ONE = new Fleet(1, 1, 0);

  static Stream<Arguments> pairs() {
    return Stream.of(
        Arguments.of("heard of for less than 5 s", lost(4_999), List.of(), 0, ONE, Wait.class),
        Arguments.of("heard of 5 s ago", lost(5_000), List.of(), 0, ONE, Remediate.class),
        Arguments.of(
            "agent heard less than 25 s ago", lost(60_000), List.of(), 24_999, ONE, Wait.class),
        Arguments.of("agent heard 25 s ago", lost(60_000), List.of(), 25_000, ONE, Remediate.class),
        Arguments.of("recreated less than 5 min ago", lost(60_000), ago(299), 0, ONE, Wait.class),
        Arguments.of("recreated 5 min ago", lost(60_000), ago(300), 0, ONE, Remediate.class),
        Arguments.of(
            "twice, less than 15 min ago", lost(60_000), ago(2_000, 899), 0, ONE, Wait.class),
        Arguments.of("twice, 15 min ago", lost(60_000), ago(2_000, 900), 0, ONE, Remediate.class),
        Arguments.of(
            "three times within 6 h",
            lost(60_000),
            ago(21_599, 9_000, 3_000),
            0,
            ONE,
            GiveUp.class),
        Arguments.of(
            "three times, one 6 h ago",
            lost(60_000),
            ago(21_600, 9_000, 3_000),
            0,
            ONE,
            Remediate.class),
        Arguments.of(
            "3 lost of a small fleet",
            lost(60_000),
            List.of(),
            0,
            new Fleet(3, 14, 0),
            Remediate.class),
        Arguments.of(
            "4 lost of a small fleet",
            lost(60_000),
            List.of(),
            0,
            new Fleet(4, 19, 0),
            ShortCircuit.class),
        Arguments.of(
            "a fifth of the fleet lost",
            lost(60_000),
            List.of(),
            0,
            new Fleet(8, 40, 0),
            Remediate.class),
        Arguments.of(
            "more than a fifth lost",
            lost(60_000),
            List.of(),
            0,
            new Fleet(9, 44, 0),
            ShortCircuit.class),
        Arguments.of(
            "as many as are allowed",
            lost(60_000),
            List.of(),
            0,
            new Fleet(9, 9, 9),
            Remediate.class),
        Arguments.of(
            "more than are allowed",
            lost(60_000),
            List.of(),
            0,
            new Fleet(9, 9, 8),
            ShortCircuit.class),
        Arguments.of(
            "fewer allowed than are usual",
            lost(60_000),
            List.of(),
            0,
            new Fleet(3, 9, 1),
            Remediate.class),
        Arguments.of(
            "asked for less than 2 min ago", asked(119_999), List.of(), 0, ONE, Wait.class),
        Arguments.of(
            "asked for 2 min ago, for nothing",
            asked(120_000),
            List.of(),
            0,
            ONE,
            Remediate.class));
  }

  @ParameterizedTest(name = "{0}: {5}")
  @MethodSource("pairs")
  void threshold(
      String name,
      AilingDroplet loss,
      List<Instant> remedies,
      long beatAgoMillis,
      Fleet fleet,
      Class<? extends Decision> expected) {
    var beat = beatAgoMillis == 0 ? null : NOW.minusMillis(beatAgoMillis);
    assertThat(decide(new RemediationContext(loss, remedies, beat, fleet))).isInstanceOf(expected);
  }

  @Test
  void aWaitEndsWhenItsGuardHasNothingMoreToSay() {
    var cooling = new RemediationContext(lost(60_000), ago(100), null, ONE);
    assertThat(decide(cooling))
        .isEqualTo(new Wait(NOW.plusSeconds(200), "it was recreated not long ago"));
    var speaking = new RemediationContext(lost(60_000), List.of(), NOW.minusSeconds(5), ONE);
    assertThat(decide(speaking))
        .isEqualTo(new Wait(NOW.plusSeconds(20), "its agent was heard a moment ago"));
  }

  @Test
  void peopleAreToldWhatWasFoundAndWhatToDo() {
    var held =
        (ShortCircuit)
            decide(new RemediationContext(lost(60_000), List.of(), null, new Fleet(9, 20, 0)));
    assertThat(held.words().summary()).contains("9 droplets of a fleet of 20");
    assertThat(held.words().action()).contains("token");
    var given =
        (GiveUp) decide(new RemediationContext(lost(60_000), ago(9_000, 5_000, 3_000), null, ONE));
    assertThat(given.words().summary()).contains("3 recreations within 6 h");
    assertThat(given.words().action()).contains("recreate the toolbox");
  }

  /** While many are lost people have to be told, also where the agents still speak. */
  @Test
  void theBreakerSpeaksBeforeTheAgent() {
    var situation = new RemediationContext(lost(60_000), List.of(), NOW, new Fleet(9, 20, 0));
    assertThat(decide(situation)).isInstanceOf(ShortCircuit.class);
  }

  private static Decision decide(RemediationContext situation) {
    return new RemediationPolicy(RULES).decide(situation, NOW);
  }

  static AilingDroplet lost(long millisAgo) {
    return AilingDroplet.of(
        new Key(new UUID(1, 2), 4), new Lost(), RULES, NOW.minusMillis(millisAgo));
  }

  private static AilingDroplet asked(long millisAgo) {
    var at = NOW.minusMillis(millisAgo);
    return lost(3_600_000)
        .after(new Remediate(Rung.LADDER.getLast()), new UUID(3, 4), RULES, at)
        .droplet();
  }

  private static List<Instant> ago(long... seconds) {
    return java.util.Arrays.stream(seconds).mapToObj(NOW::minusSeconds).toList();
  }
}
