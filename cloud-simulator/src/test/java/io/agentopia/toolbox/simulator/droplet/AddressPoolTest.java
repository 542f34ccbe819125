package io.agentopia.toolbox.simulator.droplet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressPoolTest {
  @Test
  void twoHundredDropletsHaveTwoHundredAddresses() {
    var pool = new AddressPool(64_700);
    var taken = new HashSet<String>();
    for (var i = 0; i < 200; i++) {
      assertThat(taken.add(pool.take(taken, a -> true).orElseThrow())).isTrue();
    }
    assertThat(taken)
        .allMatch(
            a -> a.matches("127\\.77\\.\\d{1,3}\\.([1-9]|[1-9]\\d|1\\d\\d|2[0-4]\\d|25[0-4])"));
  }

  @Test
  void anAddressInUseAndOneThatCannotBeBoundArePassedOver() {
    var pool = new AddressPool(0);

    var address = pool.take(Set.of("127.77.1.1"), a -> !a.equals("127.77.1.2"));

    assertThat(address).contains("127.77.1.3");
  }

  @Test
  void aFreedAddressIsNotUsedAgainAtOnce() {
    var pool = new AddressPool(0);
    var first = pool.take(Set.of(), a -> true).orElseThrow();

    assertThat(pool.take(Set.of(), a -> true)).isPresent().isNotEqualTo(first);
  }

  @Test
  void whereNothingCanBeBoundThereIsNoAddress() {
    assertThat(new AddressPool(0).take(Set.of(), a -> false)).isEmpty();
  }
}
