package io.agentopia.toolbox.provisioner.firewall;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The one firewall of the whole fleet, bound to the fleet's tag, so that a droplet is behind it
 * from its first second: in come the control plane's calls to the agents, out goes everything.
 *
 * @param inbound what is let in; everything else is not
 * @param tag whose droplets it is for
 */
public record FleetFirewall(String name, String tag, Set<Opening> inbound, Set<Opening> outbound) {
  /** Four numbers or something with colons; then, perhaps, a length. */
  private static final Pattern NETWORK =
      Pattern.compile("((?:\\d{1,3}\\.){3}\\d{1,3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");

  private static final Set<String> ANYWHERE = Set.of("0.0.0.0/0", "::/0");

  /** As the cloud shows "all ports"; for icmp, which has none, too. */
  public static final String ALL_PORTS = "0";

  /**
   * One rule, for one protocol.
   *
   * @param ports a port, a range, or {@link #ALL_PORTS}
   * @param addresses CIDRs, from where or to where
   * @param others what the rule names besides addresses (droplets, tags, load balancers): none of
   *     ours does
   */
  public record Opening(String protocol, String ports, Set<String> addresses, Set<String> others) {
    public Opening {
      ports = "all".equals(ports) || "icmp".equals(protocol) ? ALL_PORTS : ports;
      addresses =
          addresses.stream()
              .map(a -> canonical(a).orElse(a))
              .collect(Collectors.toUnmodifiableSet());
      others = Set.copyOf(others);
    }

    static Opening of(String protocol, String ports, Set<String> addresses) {
      return new Opening(protocol, ports, addresses, Set.of());
    }
  }

  /** A firewall as it is found in the cloud. */
  public record Found(
      String id,
      String name,
      Set<String> tags,
      List<Long> dropletIds,
      Set<Opening> inbound,
      Set<Opening> outbound) {}

  /** What is to be done. */
  public sealed interface Plan {
    record Nothing() implements Plan {}

    record Create() implements Plan {}

    /**
     * @param drift what was found otherwise, for the log
     */
    record Replace(Found found, String drift) implements Plan {}
  }

  /**
   * @param sources the control plane's addresses: CIDRs or single addresses, at least one
   * @param sshSources from where SSH is let in; none: from nowhere
   * @throws IllegalArgumentException one of them is no address
   */
  public static FleetFirewall of(
      String tag, int agentPort, List<String> sources, List<String> sshSources) {
    var inbound = new HashSet<Opening>();
    inbound.add(Opening.of("tcp", Integer.toString(agentPort), checked(sources)));
    if (!sshSources.isEmpty()) {
      inbound.add(Opening.of("tcp", "22", checked(sshSources)));
    }
    var outbound =
        Set.of(
            Opening.of("tcp", ALL_PORTS, ANYWHERE),
            Opening.of("udp", ALL_PORTS, ANYWHERE),
            Opening.of("icmp", ALL_PORTS, ANYWHERE));
    return new FleetFirewall(tag, tag, Set.copyOf(inbound), outbound);
  }

  /** Found by its name, which the cloud gives once only. Drift is whatever is not as wanted. */
  public Plan plan(List<Found> firewalls) {
    var ours = firewalls.stream().filter(f -> f.name().equals(name)).findFirst();
    if (ours.isEmpty()) {
      return new Plan.Create();
    }
    var drift = drift(ours.get());
    return drift.isEmpty()
        ? new Plan.Nothing()
        : new Plan.Replace(ours.get(), String.join(", ", drift));
  }

  private List<String> drift(Found found) {
    var drift = new ArrayList<String>();
    if (!found.tags().equals(Set.of(tag))) {
      drift.add("tags " + new TreeSet<>(found.tags()));
    }
    if (!found.inbound().equals(inbound)) {
      drift.add("inbound " + found.inbound());
    }
    if (!found.outbound().equals(outbound)) {
      drift.add("outbound " + found.outbound());
    }
    return drift;
  }

  private static Set<String> checked(List<String> addresses) {
    var checked = new TreeSet<String>();
    addresses.forEach(a -> checked.add(checked(a.strip())));
    return checked;
  }

  private static String checked(String cidr) {
    return canonical(cidr)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "provisioner.firewall: \""
                        + cidr
                        + "\" is no address or CIDR such as 203.0.113.7/32"));
  }

  /** One form for each network, or the cloud's way of writing it would be drift for ever. */
  private static Optional<String> canonical(String cidr) {
    var parts = NETWORK.matcher(cidr);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var address = InetAddress.ofLiteral(parts.group(1));
      var most = address.getAddress().length * 8;
      var bits = parts.group(2) == null ? most : Integer.parseInt(parts.group(2));
      return bits > most ? Optional.empty() : Optional.of(address.getHostAddress() + "/" + bits);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
