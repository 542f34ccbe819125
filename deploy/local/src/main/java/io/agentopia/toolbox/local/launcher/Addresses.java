package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.Components;
import io.agentopia.toolbox.local.StackState;

/** Where to go once everything runs; of keys their place, since screens are shared and kept. */
final class Addresses {
  private Addresses() {}

  static String of(Place place, StackState state) {
    var gateway = state.url(Components.GATEWAY);
    return """
          page       %s/ui
          API        %s/v1   (description: %s/openapi)
          API keys   %s   (user.api.key, of account %s, and operator.api.key)
          Kafka      127.0.0.1:%d"""
        .formatted(
            gateway,
            gateway,
            gateway,
            place.dir().resolve("secrets.properties"),
            Components.ACCOUNT,
            state.ports().get(Components.KAFKA))
        .indent(2)
        .stripTrailing();
  }
}
