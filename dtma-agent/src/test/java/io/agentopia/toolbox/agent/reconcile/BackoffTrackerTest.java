package io.agentopia.toolbox.agent.reconcile;

import static io.agentopia.toolbox.agent.tools.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.loop.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTrackerTest {
  private static final Failure FAILURE = new Failure(ErrorCode.START_FAILED, "port in use", null);
  // Random 0 is the lower end: half of the full pause.
  private final BackoffTracker book =
      new BackoffTracker(new Backoff(Duration.ofSeconds(4), Duration.ofSeconds(16)), () -> 0.0);

  @Test
  void a_failed_tool_waits_longer_each_time() {
    book.failed("a", "wish", FAILURE, NOW);
    assertThat(book.mayRun("a", "wish", NOW.plusMillis(1_999))).isFalse();
    assertThat(book.mayRun("a", "wish", NOW.plusMillis(2_000))).isTrue();
    book.failed("a", "wish", FAILURE, NOW);
    assertThat(book.mayRun("a", "wish", NOW.plusMillis(3_999))).isFalse();
    assertThat(book.earliest(NOW)).contains(NOW.plusSeconds(4));
  }

  @Test
  void another_tool_does_not_wait() {
    book.failed("a", "wish", FAILURE, NOW);
    assertThat(book.mayRun("b", "wish", NOW)).isTrue();
  }

  @Test
  void a_new_wish_is_tried_at_once_and_carries_no_old_failure() {
    book.failed("a", "wish", FAILURE, NOW);
    assertThat(book.mayRun("a", "other wish", NOW)).isTrue();
    assertThat(book.failure("a", "other wish")).isEmpty();
    assertThat(book.failure("a", "wish")).contains(FAILURE);
  }

  @Test
  void success_and_removal_forget_the_failure() {
    book.failed("a", "wish", FAILURE, NOW);
    book.failed("b", "wish", FAILURE, NOW);
    book.succeeded("a");
    book.retain(java.util.List.of("c"));
    assertThat(book.failure("a", "wish")).isEmpty();
    assertThat(book.failure("b", "wish")).isEmpty();
  }
}
