package io.agentopia.toolbox.simulator.droplet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressPoolTest {
  @Test
  void twoHundredDropletsHaveTwoHundredAddresses() {
    var pool = AddressPool.loopback(64_700);
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
    var pool = AddressPool.loopback(0);

    var address = pool.take(Set.of("127.77.1.1"), a -> !a.equals("127.77.1.2"));

    assertThat(address).contains("127.77.1.3");
  }

  @Test
  void aFreedAddressIsNotUsedAgainAtOnce() {
    var pool = AddressPool.loopback(0);
    var first = pool.take(Set.of(), a -> true).orElseThrow();

    assertThat(pool.take(Set.of(), a -> true)).isPresent().isNotEqualTo(first);
  }

  @Test
  void whereNothingCanBeBoundThereIsNoAddress() {
    assertThat(AddressPool.loopback(0).take(Set.of(), a -> false)).isEmpty();
  }

  @Test
  void aNetworkHasTwoHundredAndFiftyThreeAddressesBesideItsGateway() {
    var pool = AddressPool.network("10.77.5");
    var taken = new HashSet<String>();
    for (var i = 0; i < 253; i++) {
      assertThat(taken.add(pool.take(taken, a -> true).orElseThrow())).isTrue();
    }
    assertThat(taken)
        .contains("10.77.5.2", "10.77.5.254")
        .doesNotContain("10.77.5.0", "10.77.5.1", "10.77.5.255");
    assertThat(pool.take(taken, a -> true)).isEmpty();
  }
}
