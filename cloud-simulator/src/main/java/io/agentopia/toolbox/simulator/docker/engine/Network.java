package io.agentopia.toolbox.simulator.docker.engine;

import java.time.Instant;
import java.util.Map;

/**
 * A network of the engine.
 *
 * @param subnet third byte of its 172.x.0.0/16, or 0 for networks without addresses
 */
record Network(
    String id,
    String name,
    String driver,
    Map<String, String> labels,
    Map<String, String> options,
    boolean internal,
    boolean attachable,
    int subnet,
    Instant created) {

  boolean isPredefined() {
    return name.equals("bridge") || name.equals("host") || name.equals("none");
  }

  boolean isCalled(String reference) {
    return name.equals(reference)
        || id.equals(reference)
        || (reference.length() >= 4 && id.startsWith(reference));
  }

  String gateway() {
    return subnet == 0 ? "" : "172." + subnet + ".0.1";
  }

  String cidr() {
    return "172." + subnet + ".0.0/16";
  }
}
