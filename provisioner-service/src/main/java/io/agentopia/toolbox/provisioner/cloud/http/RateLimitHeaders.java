package io.agentopia.toolbox.provisioner.cloud.http;

import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.UnaryOperator;

/** What a cloud says of its limits in the headers of an answer, as many do. Pure. */
final class RateLimitHeaders {
  private static final int TOO_MANY_REQUESTS = 429;

  private RateLimitHeaders() {}

  /**
   * @param header the value of a header, or null
   */
  static Answer read(int status, UnaryOperator<String> header, Instant now) {
    var remaining = number(header.apply("ratelimit-remaining"));
    var reset = number(header.apply("ratelimit-reset"));
    return new Answer(
        status == TOO_MANY_REQUESTS,
        remaining == null ? null : (int) Math.clamp(remaining, 0, Integer.MAX_VALUE),
        reset == null ? null : instant(reset),
        retryAfter(header.apply("retry-after"), now));
  }

  /** Seconds, or a date as HTTP writes it (RFC 9110, 10.2.3). */
  private static Duration retryAfter(String header, Instant now) {
    var seconds = number(header);
    if (seconds != null) {
      return seconds < 0 ? null : Duration.ofSeconds(seconds);
    }
    if (header == null) {
      return null;
    }
    try {
      var at = ZonedDateTime.parse(header.trim(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Long number(String header) {
    try {
      return header == null ? null : Long.valueOf(header.trim());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Instant instant(long epochSecond) {
    return epochSecond < 0 || epochSecond > Instant.MAX.getEpochSecond()
        ? null
        : Instant.ofEpochSecond(epochSecond);
  }
}
