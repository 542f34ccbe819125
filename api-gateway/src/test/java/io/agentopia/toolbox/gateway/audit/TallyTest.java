package io.agentopia.toolbox.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Instant T = Instant.parse("2026-11-24T12:00:00Z");
  private final Tally tally = new Tally(2, 4);

  private static Refusal from(String address) {
    return new Refusal("agent_token", "signature", new UUID(0, 1), 1L, address);
  }

  @Test
  void theSameRefusalIsCounted() {
    tally.add(from("10.0.0.1"), T);
    tally.add(from("10.0.0.1"), T.plusSeconds(1));
    var counted = tally.take();
    assertThat(counted).hasSize(1);
    assertThat(counted.getFirst().count()).isEqualTo(2);
    assertThat(counted.getFirst().firstAt()).isEqualTo(T);
    assertThat(counted.getFirst().lastAt()).isEqualTo(T.plusSeconds(1));
    assertThat(tally.take()).isEmpty();
  }

  @Test
  void beyondTheBoundManyAreCountedAsOneWithoutAddressAndToolbox() {
    for (var i = 0; i < 1000; i++) {
      tally.add(from("10.0.0." + i), T);
    }
    tally.add(from("10.0.0.1"), T);
    var counted = tally.take();
    assertThat(counted).hasSize(3);
    assertThat(counted).extracting(Refusal.Counted::count).containsExactly(1L, 2L, 998L);
    assertThat(counted.getLast().remoteAddress()).isNull();
    assertThat(counted.getLast().toolboxId()).isNull();
  }

  /** Each is a row that stays for months. */
  @Test
  void anHourHasABoundToo() {
    var withAddress = 0;
    for (var i = 0; i < 20; i++) {
      tally.add(from("10.0.0." + i), T.plusSeconds(i));
      withAddress += tally.take().stream().filter(c -> c.remoteAddress() != null).count();
    }
    assertThat(withAddress).isEqualTo(4);
    tally.add(from("10.0.0.1"), T.plusSeconds(100));
    assertThat(tally.take().getFirst().remoteAddress()).as("a row it has").isNotNull();
    tally.add(from("10.0.0.99"), T.plusSeconds(3600));
    assertThat(tally.take().getFirst().remoteAddress()).as("another hour").isNotNull();
  }
}
