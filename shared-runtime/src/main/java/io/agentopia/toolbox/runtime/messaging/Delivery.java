package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One record as it came in, with what earlier attempts at it left in its headers. Pure: the headers
 * of the next attempt and of the dead letter are made from it and the time passed in.
 *
 * @param attempt 1 for the first
 */
public record Delivery(
    String topic,
    int partition,
    long offset,
    String key,
    Map<String, String> headers,
    byte[] body,
    int attempt) {

  private static final String PREFIX = "x-retry-";
  public static final String ATTEMPT = PREFIX + "attempt";
  public static final String DUE_AT = PREFIX + "due-at";
  public static final String SOURCE = PREFIX + "source";
  public static final String FIRST_FAILURE = PREFIX + "first-failure";
  public static final String LAST_FAILURE = PREFIX + "last-failure";
  public static final String CODE = PREFIX + "code";
  public static final String CAUSE = PREFIX + "cause";
  public static final String OF = PREFIX + "of";
  public static final String STACK = PREFIX + "stack";
  private static final int LONGEST_CAUSE = 1000;

  /**
   * What earlier attempts left is believed on retry topics only: elsewhere anyone may have written
   * it, and a replay starts anew.
   */
  public static Delivery of(ConsumerRecord<?, byte[]> record) {
    var headers =
        Topics.isRetry(record.topic()) ? headers(record) : withoutAttempts(headers(record));
    var key =
        record.key() instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.UTF_8)
            : (String) record.key();
    return new Delivery(
        record.topic(),
        record.partition(),
        record.offset(),
        key,
        headers,
        record.value(),
        Math.max(1, (int) number(headers.get(ATTEMPT), 1)));
  }

  private static Map<String, String> headers(ConsumerRecord<?, byte[]> record) {
    var headers = new LinkedHashMap<String, String>();
    for (var header : record.headers()) {
      if (header.value() != null) {
        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    return headers;
  }

  /** An event's own headers, without a word of the attempts at it. */
  public static Map<String, String> withoutAttempts(Map<String, String> headers) {
    var own = new LinkedHashMap<>(headers);
    own.keySet().removeIf(name -> name.startsWith(PREFIX));
    return own;
  }

  public Instant dueAt() {
    return Instant.ofEpochMilli(number(headers.get(DUE_AT), 0));
  }

  /**
   * Headers for the next attempt, {@code delay} after {@code now}.
   *
   * @param of how many attempts there are
   */
  Map<String, String> forRetry(Failure failure, Instant now, Duration delay, int of) {
    var next = withFailure(failure, now);
    next.put(ATTEMPT, Integer.toString(attempt + 1));
    next.put(OF, Integer.toString(of));
    next.put(DUE_AT, Long.toString(now.plus(delay).toEpochMilli()));
    return next;
  }

  /** Headers of the dead letter: the event's own, and what was tried. */
  Map<String, String> forDeadLetter(Failure failure, Instant now) {
    var last = withFailure(failure, now);
    last.put(ATTEMPT, Integer.toString(attempt));
    last.remove(DUE_AT);
    last.remove(OF);
    return last;
  }

  private Map<String, String> withFailure(Failure failure, Instant now) {
    var source = headers.getOrDefault(SOURCE, topic + "/" + partition + "/" + offset);
    var first = headers.getOrDefault(FIRST_FAILURE, now.toString());
    return failed(headers, source, first, failure, now);
  }

  /**
   * Headers of a dead letter of what never was a record.
   *
   * @param source where it was to go
   */
  static Map<String, String> givenUp(
      Map<String, String> own,
      String source,
      int attempts,
      Instant firstFailure,
      Failure failure,
      Instant now) {
    var letter = failed(own, source, firstFailure.toString(), failure, now);
    letter.put(ATTEMPT, Integer.toString(attempts));
    return letter;
  }

  private static Map<String, String> failed(
      Map<String, String> own, String source, String first, Failure failure, Instant now) {
    var next = new LinkedHashMap<>(own);
    next.put(SOURCE, source);
    next.put(FIRST_FAILURE, first);
    next.put(LAST_FAILURE, now.toString());
    next.put(CODE, failure.code());
    next.put(CAUSE, shortened(failure.message()));
    return next;
  }

  private static String shortened(String text) {
    return text == null || text.length() <= LONGEST_CAUSE
        ? String.valueOf(text)
        : text.substring(0, LONGEST_CAUSE);
  }

  private static long number(String text, long otherwise) {
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
