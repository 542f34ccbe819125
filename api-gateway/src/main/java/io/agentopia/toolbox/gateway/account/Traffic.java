package io.agentopia.toolbox.gateway.account;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.Quota;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The requests and streams of each key at this instance, within its {@link Quota}, and the calls of
 * each agent. Kept in memory: to count them for all instances together would cost each request a
 * row, and what is guarded here is this instance.
 */
@ApplicationScoped
public class Traffic {
  private static final Duration STREAM_MAY_END = Duration.ofSeconds(30);

  private final ApiKeys keys;
  private final Clock clock;
  private final GatewayConfig config;
  private final Buckets<String> buckets = new Buckets<>();
  private final Buckets<UUID> agents = new Buckets<>();
  private final Map<String, Integer> streams = new ConcurrentHashMap<>();

  @Inject
  public Traffic(ApiKeys keys, GatewayConfig config, Clock clock) {
    this.keys = keys;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Counts a request.
   *
   * @return the refusal, if it is one too many
   */
  public Optional<Response> request(String keyHash) {
    var perMinute = keys.quota(keyHash).requestsPerMinute();
    var wait = buckets.take(keyHash, perMinute, clock.instant());
    return wait.isZero()
        ? Optional.empty()
        : Optional.of(
            refusal(
                "too_many_requests",
                "Too many requests",
                "With this API key %d requests a minute are allowed; nothing was done."
                    .formatted(perMinute),
                wait));
  }

  /**
   * Counts a call of a toolbox's agent: its owner has its token, and with it may call as often as
   * he likes. Fails with 429 if it is one too many.
   */
  public void agentCall(UUID toolboxId) {
    var perMinute = config.agentCallsPerMinute();
    var wait = agents.take(toolboxId, perMinute, clock.instant());
    if (!wait.isZero()) {
      throw new ProblemException(
          Problem.of(
              429,
              "too_many_agent_calls",
              "Too many calls of an agent",
              "The agent of toolbox %s may call %d times a minute; nothing was done."
                  .formatted(toolboxId, perMinute),
              "Wait as long as Retry-After says; an agent that is sound does not call so often."),
          wait);
    }
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
