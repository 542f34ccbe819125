package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.droplet.Droplet;
import io.agentopia.toolbox.simulator.fleet.Fleet;

/** Looks things up by what stands in an address. */
final class Finding {
  private Finding() {}

  static Droplet droplet(Fleet fleet, String id) {
    return fleet.find(number(id)).orElseThrow(ApiError::notFound);
  }

  static long number(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw ApiError.notFound();
    }
    return Long.parseLong(text);
  }
}
