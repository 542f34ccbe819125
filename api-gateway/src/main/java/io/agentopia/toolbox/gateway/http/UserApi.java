package io.agentopia.toolbox.gateway.http;

import jakarta.ws.rs.Path;

/** The API of people and their programs. */
final class UserApi {
  static final String ROOT = "/v1";

  private UserApi() {}

  /** Whether a resource class belongs to it. */
  static boolean has(Class<?> resource) {
    var path = resource.getAnnotation(Path.class);
    return path != null && isUnder(path.value());
  }

  static boolean isUnder(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }
}
