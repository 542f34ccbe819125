package io.agentopia.toolbox.health.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.health.watch.HeartbeatTopic.Begin;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private static final TopicPartition TOPIC = new TopicPartition(Topics.AGENT_HEARTBEATS, 0);
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");

  @BeforeEach
  void recordsFromTenToThirtyAndReadUpToTwenty() {
    consumer.assign(Set.of(TOPIC));
    consumer.updateBeginningOffsets(Map.of(TOPIC, 10L));
    consumer.updateEndOffsets(Map.of(TOPIC, 30L));
    consumer.seek(TOPIC, 20);
  }

  @Test
  void itGoesBackToWhatWasNotStored() {
    assertThat(Reading.from(consumer, 0, 15)).isEqualTo(new Begin(15, 30));
    assertThat(consumer.position(TOPIC)).isEqualTo(15);
  }

  @Test
  void whatTheTopicHasForgottenIsNotWaitedFor() {
    assertThat(Reading.from(consumer, 0, 3)).isEqualTo(new Begin(10, 30));
    assertThat(consumer.position(TOPIC)).isEqualTo(10);
  }

  @Test
  void whatIsStoredAlreadyIsReadAgainRatherThanPassedOver() {
    assertThat(Reading.from(consumer, 0, 25)).isEqualTo(new Begin(25, 30));
    assertThat(consumer.position(TOPIC)).isEqualTo(20);
  }

  @Test
  void anOffsetOfAnotherTopicsLifeIsNotBelieved() {
    assertThat(Reading.from(consumer, 0, 999)).isEqualTo(new Begin(30, 30));
  }
}
