package io.agentopia.toolbox.simulator.docker.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Percent-encoded path parts; a plus is a plus there. */
final class Decoding {
  private Decoding() {}

  static String of(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
