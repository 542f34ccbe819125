package io.agentopia.toolbox.gateway.account;

import io.agentopia.toolbox.runtime.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The requests and streams of each key at this instance, within its {@link Quota}. Kept in memory:
 * to count them for all instances together would cost each request a row, and what is guarded here
 * is this instance.
 */
@ApplicationScoped
public class Traffic {
  /** With so many, those that have all their requests again are forgotten. */
  private static final int MANY_KEYS = 10_000;

  private static final Duration STREAM_MAY_END = Duration.ofSeconds(30);

  private final ApiKeys keys;
  private final Clock clock;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
  private final Map<String, Integer> streams = new ConcurrentHashMap<>();

  @Inject
  public Traffic(ApiKeys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Counts a request.
   *
   * @return the refusal, if it is one too many
   */
  public Optional<Response> request(String keyHash) {
    var perMinute = keys.quota(keyHash).requestsPerMinute();
    var now = clock.instant();
    if (buckets.size() >= MANY_KEYS) {
      buckets.values().removeIf(bucket -> bucket.isFull(now));
    }
    var wait = new Duration[] {Duration.ZERO};
    buckets.compute(
        keyHash,
        (key, before) -> {
          var bucket = (before == null ? Bucket.full(perMinute, now) : before).at(now, perMinute);
          wait[0] = bucket.wait(perMinute);
          return bucket.isEmpty() ? bucket : bucket.less();
        });
    return wait[0].isZero()
        ? Optional.empty()
        : Optional.of(
            refusal(
                "too_many_requests",
                "Too many requests",
                "With this API key %d requests a minute are allowed; nothing was done."
                    .formatted(perMinute),
                wait[0]));
  }

  /** A stream that may begin, until it is closed; or why it may not. */
  public record Stream(Runnable close, Response refusal) {}

  /** Counts a stream until it is closed. */
  public Stream stream(String keyHash) {
    var most = keys.quota(keyHash).streams();
    var isOneTooMany = new AtomicBoolean();
    streams.compute(
        keyHash,
        (key, open) -> {
          isOneTooMany.set(open != null && open >= most);
          return isOneTooMany.get() ? open : open == null ? 1 : open + 1;
        });
    if (isOneTooMany.get()) {
      return new Stream(
          () -> {},
          refusal(
              "too_many_streams",
              "Too many event streams",
              "With this API key %d event streams are open, as many as are allowed."
                  .formatted(most),
              STREAM_MAY_END));
    }
    var isClosed = new AtomicBoolean();
    return new Stream(
        () -> {
          if (isClosed.compareAndSet(false, true)) {
            streams.computeIfPresent(keyHash, (key, open) -> open == 1 ? null : open - 1);
          }
        },
        null);
  }

  private static Response refusal(String code, String title, String detail, Duration wait) {
    var seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return Response.status(429)
        .type(Problem.MEDIA_TYPE)
        .header(HttpHeaders.RETRY_AFTER, seconds)
        .entity(
            Problem.of(
                429,
                code,
                title,
                detail,
                "Try again after %d s; an operator can allow the account more.".formatted(seconds)))
        .build();
  }
}
