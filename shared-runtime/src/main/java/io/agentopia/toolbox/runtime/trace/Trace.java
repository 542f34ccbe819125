package io.agentopia.toolbox.runtime.trace;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * W3C trace context, as far as events need it: one trace from the request to the last event it
 * caused.
 */
public final class Trace {
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private Trace() {}

  /**
   * A child of {@code parent} within the same trace; the root of a new trace where there is no
   * valid parent.
   */
  public static String child(@Nullable String parent) {
    return parent != null && isValid(parent)
        ? parent.substring(0, 36) + random(8) + parent.substring(52)
        : "00-" + random(16) + "-" + random(8) + "-01";
  }

  /** The trace id for a log line; "-" where there is none. */
  public static String id(@Nullable String traceparent) {
    return traceparent != null && isValid(traceparent) ? traceparent.substring(3, 35) : "-";
  }

  private static boolean isValid(@Nullable String traceparent) {
    return TRACEPARENT.matcher(traceparent).matches();
  }

  private static String random(int bytes) {
    var value = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(value);
    value[0] |= 1; // never all zeroes
    return HexFormat.of().formatHex(value);
  }
}
