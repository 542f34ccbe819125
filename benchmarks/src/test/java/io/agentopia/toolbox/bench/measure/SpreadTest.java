package io.agentopia.toolbox.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
    assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Spread(4, 1, 9, 3));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    assertThat(Spread.of(List.of(9.0, 1.0, 4.0, 2.0)).median()).isEqualTo(3);
  }

  @Test
  void aPercentileIsAValueThatWasMeasured() {
    var hundred = IntStream.rangeClosed(1, 100).mapToObj(n -> (double) n).toList();

    assertThat(Spread.percentile(hundred, 0.5)).isEqualTo(50);
    assertThat(Spread.percentile(hundred, 0.99)).isEqualTo(99);
    assertThat(Spread.percentile(hundred, 1)).isEqualTo(100);
    assertThat(Spread.percentile(List.of(7.0), 0.01)).isEqualTo(7);
  }

  @Test
  void nothingHasNoMedian() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
