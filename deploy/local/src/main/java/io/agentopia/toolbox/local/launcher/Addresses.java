package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.Components;
import io.agentopia.toolbox.local.StackState;

/** Where to go once everything runs. */
final class Addresses {
  private Addresses() {}

  static String of(Place place, StackState state) {
    var gateway = state.url(Components.GATEWAY);
    return """
          page       %s/ui
          API        %s/v1   (description: %s/openapi)
          API key    %s   (account %s; all keys: %s)
          Kafka      127.0.0.1:%d"""
        .formatted(
            gateway,
            gateway,
            gateway,
            place.secret("user.api.key"),
            Components.ACCOUNT,
            place.dir().resolve("secrets.properties"),
            state.ports().get(Components.KAFKA))
        .indent(2)
        .stripTrailing();
  }
}
