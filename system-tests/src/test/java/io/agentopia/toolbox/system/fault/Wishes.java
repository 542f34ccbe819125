package io.agentopia.toolbox.system.fault;

import java.util.UUID;

/** What users ask for, as JSON. */
final class Wishes {
  private Wishes() {}

  /** A name that nobody has had. */
  static String unique(String prefix) {
    return prefix + UUID.randomUUID().toString().substring(0, 13);
  }

  static String toolbox(String name) {
    return "{\"name\": \"%s\", \"region\": \"nyc3\", \"size\": \"s-1vcpu-1gb\"}".formatted(name);
  }

  static String tool(String name) {
    return "{\"name\": \"%s\", \"image\": \"debian:bookworm-slim\"}".formatted(name);
  }
}
