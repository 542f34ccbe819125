package io.agentopia.toolbox.runtime.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class KeptTest {
  private Instant now = Instant.parse("2026-11-24T12:00:00Z");
  private int asked;
  private boolean isAway;
  private final Kept<String> kept =
      new Kept<>("the answer", Duration.ofMinutes(5), this::ask, new At());

  private Uni<String> ask() {
    asked++;
    return isAway
        ? Uni.createFrom().failure(new IllegalStateException("nobody answers"))
        : Uni.createFrom().item("answer " + asked);
  }

  private String current() {
    return kept.current().await().indefinitely();
  }

  @Test
  void whatIsFreshIsNotAskedForAgain() {
    assertThat(current()).isEqualTo("answer 1");
    now = now.plus(Duration.ofMinutes(5)).minusNanos(1);
    assertThat(current()).isEqualTo("answer 1");
    now = now.plusNanos(1);
    assertThat(current()).isEqualTo("answer 2");
  }

  @Test
  void whatIsOldIsKeptWhileNobodyAnswersAndAskedForEachTime() {
    current();
    now = now.plus(Duration.ofDays(1));
    isAway = true;
    assertThat(current()).isEqualTo("answer 1");
    assertThat(current()).isEqualTo("answer 1");
    isAway = false;
    assertThat(current()).isEqualTo("answer 4");
  }

  @Test
  void whatNeverWasThereIsAFailure() {
    isAway = true;
    assertThatThrownBy(this::current).hasMessage("nobody answers");
    isAway = false;
    assertThat(current()).isEqualTo("answer 2");
  }

  private final class At extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
