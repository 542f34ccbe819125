package io.agentopia.toolbox.provisioner.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.provisioner.fleet.Comparison.Watched;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
  private final Confirmations confirmations = new Confirmations(3);

  @Test
  void onlyWhatIsMissingFromTwoListsInARowIsAskedAbout() {
    assertThat(ask(1, 2)).isEmpty();
    assertThat(ask(2)).containsExactly(2L);
    assertThat(ask(1, 2)).containsExactly(2L); // 1 was listed in between
  }

  @Test
  void aFewAfterEachLookUntilAllWereAskedAbout() {
    var ids = LongStream.rangeClosed(1, 8).toArray();
    assertThat(ask(ids)).isEmpty();
    assertThat(confirmations.isBehind()).isFalse();
    var asked = new HashSet<Long>();
    for (var expected : new int[] {3, 3, 3}) { // the last look has a call left for a second try
      assertThat(confirmations.isBehind()).isEqualTo(!asked.isEmpty());
      var now = ask(ids);
      assertThat(now).hasSize(expected).doesNotHaveDuplicates();
      asked.addAll(now);
    }
    assertThat(asked).hasSize(8);
    assertThat(confirmations.isBehind()).isFalse();
  }

  /** Droplets that somebody took the tag off are missing for good, and the cloud knows them. */
  @Test
  void whatStaysMissingCostsOneCallALookInTurns() {
    var ids = LongStream.rangeClosed(1, 3).toArray();
    ask(ids);
    assertThat(ask(ids)).hasSize(3);
    var turns = new ArrayList<Long>();
    for (var i = 0; i < 6; i++) {
      var now = ask(ids);
      assertThat(now).hasSize(1);
      turns.addAll(now);
    }
    assertThat(turns.subList(0, 3)).containsExactlyInAnyOrder(1L, 2L, 3L);
    assertThat(turns.subList(3, 6)).isEqualTo(turns.subList(0, 3));
  }

  @Test
  void whatGoesMissingNowIsAskedAboutBeforeWhatHasBeenMissingForLong() {
    ask(1, 2, 3);
    ask(1, 2, 3);
    ask(1, 2, 3, 4, 5, 6);
    assertThat(ask(1, 2, 3, 4, 5, 6)).containsExactlyInAnyOrder(4L, 5L, 6L);
  }

  private List<Long> ask(long... missing) {
    var absent =
        LongStream.of(missing)
            .mapToObj(
                id -> new Watched(UUID.randomUUID(), id, false, false, "203.0.113." + id, false))
            .toList();
    return confirmations.next(absent).stream().map(Watched::dropletId).toList();
  }
}
