package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {
  @Test
  void theOwnerOfEveryDeadLetterAndRetryTopicIsFoundAgain() {
    for (var topic : Topics.ALL) {
      var owned = new Topics.Owned("some-service", topic);
      var retry = Topics.retry("some-service", topic, 5000);
      var dead = Topics.deadLetters("some-service", topic);

      assertThat(Topics.owner(retry)).isEqualTo(owned);
      assertThat(Topics.owner(dead)).isEqualTo(owned);
      assertThat(retry).matches(Topics.RETRY_PATTERN).doesNotMatch(Topics.DEAD_LETTERS_PATTERN);
      assertThat(dead).matches(Topics.DEAD_LETTERS_PATTERN).doesNotMatch(Topics.RETRY_PATTERN);
    }
  }

  @Test
  void anyOtherTopicHasNoOwner() {
    for (var topic : List.of("toolbox.requests", "a.b.replay", "dlt", ".x.dlt", "a.dlt")) {
      assertThatThrownBy(() -> Topics.owner(topic)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
