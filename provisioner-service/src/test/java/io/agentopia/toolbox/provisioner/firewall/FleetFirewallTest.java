package io.agentopia.toolbox.provisioner.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.provisioner.firewall.FleetFirewall.Found;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall.Opening;
import io.agentopia.toolbox.provisioner.firewall.FleetFirewall.Plan;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FleetFirewallTest {
  private static final FleetFirewall WANTED =
      FleetFirewall.of("fleet", 30000, List.of("203.0.113.7/32", "2001:db8::/64"), List.of());
  private static final Opening SSH = Opening.of("tcp", "22", Set.of("0.0.0.0/0"));
  private static final Found RIGHT = found(Set.of("fleet"), WANTED.inbound(), WANTED.outbound());

  private static Found found(Set<String> tags, Set<Opening> inbound, Set<Opening> outbound) {
    return new Found("f-1", "fleet", tags, List.of(7L), inbound, outbound);
  }

  @Test
  void onlyTheControlPlaneComesInAndEverythingGoesOut() {
    assertThat(WANTED.inbound())
        .containsExactly(Opening.of("tcp", "30000", Set.of("203.0.113.7/32", "2001:db8::/64")));
    assertThat(WANTED.outbound())
        .extracting(Opening::protocol)
        .containsExactlyInAnyOrder("tcp", "udp", "icmp");
    assertThat(FleetFirewall.of("fleet", 30000, List.of("10.0.0.1"), List.of("10.0.0.2")).inbound())
        .extracting(Opening::ports)
        .containsExactlyInAnyOrder("30000", "22");
  }

  static Stream<Arguments> drifts() {
    var narrower = Set.of(Opening.of("tcp", "30000", Set.of("203.0.113.7/32")));
    var byTag =
        Set.of(
            new Opening(
                "tcp", "30000", Set.of("203.0.113.7/32", "2001:db8::/64"), Set.of("tag web")));
    return Stream.of(
        Arguments.of(
            "a rule added", found(Set.of("fleet"), with(WANTED.inbound(), SSH), WANTED.outbound())),
        Arguments.of("all rules gone", found(Set.of("fleet"), Set.of(), WANTED.outbound())),
        Arguments.of("an address gone", found(Set.of("fleet"), narrower, WANTED.outbound())),
        Arguments.of("a tag let in", found(Set.of("fleet"), byTag, WANTED.outbound())),
        Arguments.of("outbound closed", found(Set.of("fleet"), WANTED.inbound(), Set.of())),
        Arguments.of("untagged", found(Set.of(), WANTED.inbound(), WANTED.outbound())),
        Arguments.of(
            "a tag more", found(Set.of("fleet", "web"), WANTED.inbound(), WANTED.outbound())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("drifts")
  void whateverIsOtherwiseIsPutRight(String what, Found found) {
    assertThat(WANTED.plan(List.of(found)))
        .isInstanceOfSatisfying(Plan.Replace.class, r -> assertThat(r.found()).isEqualTo(found));
  }

  @Test
  void oneThatIsRightIsLeftAloneAndOneThatIsMissingIsMade() {
    var other = new Found("f-2", "other", Set.of(), List.of(), Set.of(SSH), Set.of());
    assertThat(WANTED.plan(List.of(other, RIGHT))).isEqualTo(new Plan.Nothing());
    assertThat(WANTED.plan(List.of(other))).isEqualTo(new Plan.Create());
  }

  @Test
  void portsAndAddressesAreTheSameHoweverTheyAreWritten() {
    assertThat(Opening.of("udp", "all", Set.of())).isEqualTo(Opening.of("udp", "0", Set.of()));
    assertThat(Opening.of("tcp", "22", Set.of("10.0.0.1", "2001:DB8::1/64")))
        .isEqualTo(Opening.of("tcp", "22", Set.of("10.0.0.1/32", "2001:db8:0::1/64")));
    assertThat(Opening.of("icmp", null, Set.of())).isEqualTo(Opening.of("icmp", "0", Set.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "somewhere", "10.0.0.1/33", "10.0.0.1/x", "10.0.0/8", "::/129"})
  void whatIsNoAddressIsRefused(String source) {
    assertThatThrownBy(() -> FleetFirewall.of("fleet", 30000, List.of(source), List.of()))
        .hasMessageContaining("is no address or CIDR");
  }

  private static Set<Opening> with(Set<Opening> openings, Opening more) {
    var all = new HashSet<>(openings);
    all.add(more);
    return all;
  }
}
