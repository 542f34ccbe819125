package io.agentopia.toolbox.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.runtime.messaging.Relayed.Row;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RelayedTest {
  private static List<Row> rows(String keys) {
    return IntStream.range(0, keys.length())
        .mapToObj(i -> new Row(i, "t" + i % 2, keys.substring(i, i + 1), "{}", "{}"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"abc, 012", "aaa, 0|1|2", "abacab, 015-> 0 1 3|2 5|4", "'', ''"})
  void ofEachToolboxOneAtATime(String keys, String waves) {
    var found =
        Relayed.waves(rows(keys)).stream()
            .map(wave -> wave.stream().map(r -> Long.toString(r.id())).reduce("", String::concat))
            .toList();
    var expected = waves.replaceFirst(".*-> ", "").replace(" ", "");
    assertThat(String.join("|", found)).isEqualTo(expected);
  }

  @Test
  void whatFailsStopsItsOwnToolboxAndNobodyElse() {
    var rows = rows("abab");
    var relayed = new Relayed();
    relayed.failed(rows.get(0), new RecordTooLargeException("5 MiB"));
    relayed.acknowledged(rows.get(1));

    assertThat(relayed.mayGo(rows.get(2))).isFalse();
    assertThat(relayed.mayGo(rows.get(3))).isTrue();
    assertThat(relayed.published()).containsExactly(1L);
    assertThat(relayed.refused()).containsOnlyKeys(rows.get(0));
    assertThat(relayed.failed()).isEmpty();
  }

  @Test
  void aTopicThatDoesNotAnswerIsWaitedForOnce() {
    var rows = rows("abcd");
    var relayed = new Relayed();
    relayed.failed(rows.get(0), new TimeoutException("no metadata"));
    relayed.silent(rows.get(0).topic());

    assertThat(relayed.mayGo(rows.get(2))).isFalse();
    assertThat(relayed.mayGo(rows.get(3))).isTrue();
    assertThat(relayed.failed()).containsOnlyKeys(rows.get(0));
  }

  static List<Exception> forGood() {
    return Arrays.asList(
        new RecordTooLargeException("m"),
        new RecordBatchTooLargeException("m"),
        new TopicAuthorizationException("t"),
        new InvalidTopicException("t"),
        new UnknownTopicOrPartitionException("m"),
        new TimeoutException("m", new UnknownTopicOrPartitionException("m")),
        new InvalidRecordException("m"),
        new PolicyViolationException("m"),
        new SerializationException("m"));
  }

  @ParameterizedTest
  @MethodSource("forGood")
  void whatNoAttemptMends(Exception thrown) {
    assertThat(Refusal.of(thrown)).isPresent();
  }

  static List<Exception> passing() {
    return Arrays.asList(
        new TimeoutException("m"),
        new DisconnectException("m"),
        new NotEnoughReplicasException("m"),
        new AuthenticationException("m"),
        new java.util.concurrent.TimeoutException("m"),
        new IllegalStateException("m"));
  }

  @ParameterizedTest
  @MethodSource("passing")
  void whatPasses(Exception thrown) {
    assertThat(Refusal.of(thrown)).isEmpty();
  }
}
