package io.agentopia.toolbox.simulator.boot;

import java.util.Locale;

/** The stages of a first boot, as docs/agent-protocol.md names them. */
enum BootStage {
  CLOUD_INIT,
  DOCKER,
  IMAGE_PULL,
  AGENT_STARTING;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String detail(UserData.StartsAgent agent) {
    return switch (this) {
      case CLOUD_INIT -> "cloud-init has reached the bootstrap script";
      case DOCKER -> "the engine is up";
      case IMAGE_PULL -> agent.images().isEmpty() ? "no image is named" : agent.images().getFirst();
      case AGENT_STARTING -> "dtma.service";
    };
  }
}
