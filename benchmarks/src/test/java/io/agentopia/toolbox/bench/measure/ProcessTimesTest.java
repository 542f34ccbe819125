package io.agentopia.toolbox.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProcessTimesTest {
  @Test
  void aNameWithSpacesAndBracketsShiftsNothing() {
    var stat =
        "4711 (post gres) (1)) S 1 4711 4711 0 -1 4194560 900 800 0 0 12 34 500 6 20 0 1 0 100 0";

    assertThat(ProcessTimes.millis(stat)).isEqualTo((12 + 34 + 500 + 6) * 10);
  }

  @Test
  void whatIsNoSuchLineIsRefused() {
    assertThatThrownBy(() -> ProcessTimes.millis("4711 (java) S 1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aProcessThatHasEndedUsesNothing() {
    assertThat(ProcessTimes.ofFamily(Long.MAX_VALUE)).isZero();
  }
}
