package io.agentopia.toolbox.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");
  private static final byte[] BODY = "{\"poison".getBytes(StandardCharsets.UTF_8);
  private static final Failure AWAY = new Failure.Transient("unavailable", "database away");

  @Test
  void aFirstDeliveryIsTheFirstAttemptOfItsOwnTopic() {
    var delivery = Delivery.of(record("toolbox.requests", Map.of("ce_id", "1")));
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.body()).isEqualTo(BODY);
    assertThat(delivery.headers()).containsEntry("ce_id", "1");
  }

  @Test
  void theNextAttemptKnowsWhereTheEventCameFromAndWhenItIsDue() {
    var first = Delivery.of(record("toolbox.requests", Map.of("ce_id", "1")));
    var second =
        Delivery.of(
            record(
                "s.toolbox.requests.retry_5000",
                first.forRetry(AWAY, NOW, Duration.ofSeconds(5), 5)));

    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.dueAt()).isEqualTo(NOW.plusSeconds(5));
    assertThat(second.headers())
        .containsEntry("ce_id", "1")
        .containsEntry("x-retry-source", "toolbox.requests/2/17");
  }

  @Test
  void theDeadLetterKeepsTheFirstFailureAndTheLast() {
    var first = Delivery.of(record("toolbox.requests", Map.of()));
    var second =
        Delivery.of(
            record(
                "s.toolbox.requests.retry_5000",
                first.forRetry(AWAY, NOW, Duration.ofSeconds(5), 5)));
    var dead = second.forDeadLetter(new Failure.Permanent("refused", "no"), NOW.plusSeconds(9));

    assertThat(dead)
        .containsEntry("x-retry-source", "toolbox.requests/2/17")
        .containsEntry("x-retry-attempt", "2")
        .containsEntry("x-retry-first-failure", NOW.toString())
        .containsEntry("x-retry-last-failure", NOW.plusSeconds(9).toString())
        .containsEntry("x-retry-code", "refused")
        .containsEntry("x-retry-cause", "no")
        .doesNotContainKey("x-retry-due-at");
  }

  @Test
  void whatAnOutsiderWritesIntoOurHeadersIsNotBelieved() {
    var forged =
        Map.of("x-retry-attempt", "99", "x-retry-source", "nowhere", "x-retry-due-at", "soon");
    var delivery = Delivery.of(record("toolbox.requests", forged));
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.headers()).isEmpty();
  }

  @Test
  void aReplayStartsAnew() {
    var dead = Map.of("ce_id", "1", "x-retry-attempt", "5", "x-retry-code", "unavailable");
    var delivery = Delivery.of(record("s.toolbox.requests.replay", dead));
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.headers()).containsOnlyKeys("ce_id");
  }

  @Test
  void unreadableNumbersOnARetryTopicAreTakenAsTheFirstAttemptDueAtOnce() {
    var delivery =
        Delivery.of(
            record("s.t.retry_5000", Map.of("x-retry-attempt", "abc", "x-retry-due-at", "soon")));
    assertThat(delivery.attempt()).isEqualTo(1);
    assertThat(delivery.dueAt()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void aHeaderWithoutAValueIsNoHeader() {
    var record = record("toolbox.requests", Map.of());
    record.headers().add("empty", null);
    assertThat(Delivery.of(record).headers()).doesNotContainKey("empty");
  }

  private static ConsumerRecord<String, byte[]> record(String topic, Map<String, String> headers) {
    var record = new ConsumerRecord<>(topic, 2, 17, "key", BODY);
    headers.forEach(
        (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  @Test
  void whatIsReplayedSaysNothingOfTheAttemptsBefore() {
    var headers =
        Map.of("ce_id", "1", Delivery.ATTEMPT, "3", Delivery.CAUSE, "why", Delivery.DUE_AT, "0");
    assertThat(Delivery.withoutAttempts(headers)).isEqualTo(Map.of("ce_id", "1"));
  }
}
