package io.agentopia.toolbox.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops on threads: woken, ended, and run again after a bug. */
class LoopsTest {
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private final ThreadLoops loops = new ThreadLoops();
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void stop() throws InterruptedException {
    loops.stop(Duration.ofSeconds(5));
  }

  @Test
  void a_look_now_and_then_comes_again_after_its_period() throws InterruptedException {
    var loop = Loop.callingDocker("look", PERIOD, runs::incrementAndGet);
    assertThat(loop.step().run()).isEqualTo(PERIOD);
    assertThat(runs).hasValue(1);
  }

  @Test
  void a_wake_up_cuts_the_pause_short() {
    loops.start(Loop.callingOut("a", this::count));
    ran(1);
    loops.wake("a");
    ran(2);
  }

  @Test
  void who_was_not_started_is_neither_woken_nor_ended() {
    loops.wake("nobody");
    loops.end(List.of("nobody"));
    assertThat(loops.isStarted("nobody")).isFalse();
    loops.start(Loop.callingDocker("a", this::count));
    assertThat(loops.isStarted("a")).isTrue();
  }

  @Test
  void one_that_ended_is_not_run_again() throws InterruptedException {
    loops.start(Loop.callingOut("a", this::count));
    ran(1);
    loops.end(List.of("a"));
    loops.stop(Duration.ofSeconds(5));
    loops.wake("a");
    assertThat(runs).hasValue(1);
  }

  @Test
  void a_step_that_waits_is_cut_off_when_all_end() throws InterruptedException {
    var waits = new CountDownLatch(1);
    var isCut = new CountDownLatch(1);
    loops.start(
        Loop.callingDocker(
            "a",
            () -> {
              waits.countDown();
              try {
                new CountDownLatch(1).await();
              } finally {
                isCut.countDown();
              }
              return PERIOD;
            }));
    assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
    loops.stop(Duration.ofSeconds(5));
    assertThat(isCut.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void after_a_bug_it_is_run_again() {
    loops.start(
        Loop.callingOut(
            "a",
            () -> {
              if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("a bug, as the test wants it");
              }
              return PERIOD;
            }));
    ran(1);
    loops.wake("a");
    ran(2);
  }

  private Duration count() {
    runs.incrementAndGet();
    return PERIOD;
  }

  private void ran(int times) {
    await().atMost(Duration.ofSeconds(10)).untilAtomic(runs, org.hamcrest.Matchers.is(times));
  }
}
