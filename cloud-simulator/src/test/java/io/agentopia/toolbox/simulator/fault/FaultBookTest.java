package io.agentopia.toolbox.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.simulator.fault.Match.Target;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultBookTest {
  private static final Target POST = Target.request("POST", "/v2/droplets");
  private final FaultBook book = new FaultBook(new Random(7));

  @Test
  void aCountedFaultStrikesThatOftenAndIsGone() {
    book.add(List.of(fault("a", 2, 1, Match.ANYTHING)));

    assertThat(strikes(5)).isEqualTo(2);
    assertThat(book.all()).isEmpty();
  }

  @Test
  void anUncountedFaultStrikesUntilItIsRemoved() {
    book.add(List.of(fault("a", null, 1, Match.ANYTHING)));

    assertThat(strikes(50)).isEqualTo(50);
    assertThat(book.remove("a")).isTrue();
    assertThat(strikes(1)).isZero();
  }

  @Test
  void aProbableFaultStrikesSometimes() {
    book.add(List.of(fault("a", null, 0.3, Match.ANYTHING)));

    assertThat(strikes(1000)).isBetween(250, 350);
  }

  @Test
  void aFaultStrikesOnlyWhatItMatches() {
    var reads = new Match("GET", "/v2/droplets(/.*)?", null, null, null, null, null);
    book.add(List.of(fault("a", null, 1, reads)));

    assertThat(book.strike(FaultKind.SERVER_ERROR, POST)).isEmpty();
    assertThat(book.strike(FaultKind.SERVER_ERROR, Target.request("GET", "/v2/sizes"))).isEmpty();
    assertThat(book.strike(FaultKind.SLOW, Target.request("GET", "/v2/droplets"))).isEmpty();
    assertThat(book.strike(FaultKind.SERVER_ERROR, Target.request("GET", "/v2/droplets/5")))
        .isPresent();
  }

  private int strikes(int tries) {
    return (int)
        IntStream.range(0, tries)
            .filter(i -> book.strike(FaultKind.SERVER_ERROR, POST).isPresent())
            .count();
  }

  private static Fault fault(String id, Integer count, double probability, Match match) {
    return new Fault(id, FaultKind.SERVER_ERROR, count, probability, match, 500, 0, 0);
  }
}
