package io.agentopia.toolbox.runtime.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseClockTest {
  private static final Instant TRUE = Instant.parse("2026-11-28T12:00:00Z");
  private static final long MILLI = 1_000_000;

  /** A machine whose clock may be set, and whose counter may not. */
  private static final class Machine {
    private Duration ahead;
    private long nanos = 77;
    private final DatabaseClock clock =
        new DatabaseClock(() -> TRUE.plus(ahead).plusNanos(nanos - 77), () -> nanos);

    Machine(Duration ahead) {
      this.ahead = ahead;
    }

    Instant truth() {
      return TRUE.plusNanos(nanos - 77);
    }

    /** A reading whose answer takes so long each way. */
    Duration reads(Duration off, long there, long back) {
      var before = clock.counter();
      nanos += there;
      var shown = truth().plus(off);
      nanos += back;
      return clock.learn(shown, before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT1H", "-PT1H", "PT31S", "PT-0.4S", "P400D"})
  void whateverItsMachineShowsItIsTheDatabasesTime(String ahead) {
    var machine = new Machine(Duration.parse(ahead));
    assertThat(machine.clock.instant()).isEqualTo(machine.truth().plus(machine.ahead));
    var told = machine.reads(Duration.ZERO, MILLI, MILLI);
    assertThat(told).isEqualTo(machine.ahead);
    machine.nanos += Duration.ofHours(3).toNanos();
    assertThat(machine.clock.instant()).isEqualTo(machine.truth());
  }

  @Test
  void settingTheMachinesClockChangesNothing() {
    var machine = new Machine(Duration.ZERO);
    machine.reads(Duration.ZERO, MILLI, MILLI);
    machine.ahead = Duration.ofHours(-1);
    assertThat(machine.clock.instant()).isEqualTo(machine.truth());
    assertThat(machine.reads(Duration.ZERO, MILLI, MILLI)).isEqualTo(Duration.ofHours(-1));
  }

  @Test
  void instancesOnMachinesAnHourApartAreWithinTheTimeOfAReading() {
    var machines = List.of(new Machine(Duration.ofHours(1)), new Machine(Duration.ofMinutes(-3)));
    machines.forEach(m -> m.reads(Duration.ZERO, 3 * MILLI, 5 * MILLI));
    assertThat(
            Duration.between(
                    machines.getFirst().clock.instant(), machines.getLast().clock.instant())
                .abs())
        .isLessThanOrEqualTo(Duration.ofMillis(8));
  }

  /** An answer that came late says little: it must not make time go back. */
  @Test
  void aWorseReadingThatAgreesIsLeft() {
    var machine = new Machine(Duration.ZERO);
    machine.reads(Duration.ZERO, MILLI, MILLI);
    machine.nanos += Duration.ofSeconds(30).toNanos();
    machine.reads(Duration.ZERO, MILLI, 200 * MILLI);
    assertThat(machine.clock.instant()).isEqualTo(machine.truth());
    machine.nanos += Duration.ofSeconds(30).toNanos();
    machine.reads(Duration.ofHours(5), 0, Duration.ofSeconds(3).toNanos());
    assertThat(machine.clock.instant()).isEqualTo(machine.truth());
  }

  @Test
  void whereTheDatabaseHasMovedToAnotherMachineItsTimeIsTaken() {
    var machine = new Machine(Duration.ZERO);
    machine.reads(Duration.ZERO, MILLI, MILLI);
    machine.reads(Duration.ofSeconds(-2), MILLI, MILLI);
    assertThat(machine.clock.instant()).isEqualTo(machine.truth().minusSeconds(2));
  }

  @Test
  void itIsAsExactAsTheDatabase() {
    var machine = new Machine(Duration.ZERO);
    machine.nanos += 1_234;
    assertThat(machine.clock.instant().getNano() % 1_000).isZero();
    machine.reads(Duration.ZERO, 501, 502);
    machine.nanos += 333;
    assertThat(machine.clock.instant().getNano() % 1_000).isZero();
  }
}
