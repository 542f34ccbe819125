package io.agentopia.toolbox.simulator.api;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match.Target;
import io.agentopia.toolbox.simulator.limit.RateLimiter;
import io.agentopia.toolbox.simulator.limit.RequestLog;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** What every request to DigitalOcean's API goes through: faults, token, limits, the log. */
@Singleton
public class Gate {
  private static final Logger LOG = Logger.getLogger(Gate.class);

  /** Set by a resource whose answer must not arrive: milliseconds to hold the connection. */
  static final String HOLD = "simulator.hold";

  private static final String VERDICT = "simulator.verdict";
  private static final String BEARER = "Bearer ";

  // Filters are made before the configuration can be read: the parts come with the first request.
  @Inject Provider<SimulatorConfig> config;
  @Inject Provider<FaultBook> faults;
  @Inject Provider<RateLimiter> limiter;
  @Inject Provider<RequestLog> log;
  @Inject Clock clock;
  @Inject CurrentVertxRequest current;

  /** Clients may end an address with a slash. */
  @ServerRequestFilter(preMatching = true)
  public void withoutTrailingSlash(ContainerRequestContext request) {
    var uri = request.getUriInfo().getRequestUri();
    var path = uri.getRawPath();
    if (path.startsWith("/v2/") && path.endsWith("/")) {
      var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      var shorter = path.replaceFirst("/+$", "") + query;
      request.setRequestUri(URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + shorter));
    }
  }

  @ServerRequestFilter
  public Response enter(ContainerRequestContext request) {
    if (!isApi(request)) {
      return null;
    }
    try {
      var target = Target.request(request.getMethod(), request.getUriInfo().getPath());
      faults.get().strike(FaultKind.SLOW, target).ifPresent(f -> pause(f.delayMs()));
      authenticate(request, target);
      limit(request);
      strike(target);
      return null;
    } catch (ApiError error) {
      return ApiErrors.answer(error);
    }
  }

  private void authenticate(ContainerRequestContext request, Target target) {
    var header = request.getHeaderString("Authorization");
    var isBearer = header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length());
    var token = isBearer ? header.substring(BEARER.length()).strip() : "";
    var right = MessageDigest.isEqual(bytes(token), bytes(config.get().token()));
    if (!right || faults.get().strike(FaultKind.UNAUTHORIZED, target).isPresent()) {
      throw ApiError.unauthorized();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void limit(ContainerRequestContext request) {
    var verdict = limiter.get().ask(clock.instant());
    request.setProperty(VERDICT, verdict);
    if (!verdict.allowed()) {
      var later = verdict.retryAfter();
      throw ApiError.tooManyRequests(later == null ? null : later.toSeconds());
    }
  }

  private void strike(Target target) {
    faults
        .get()
        .strike(FaultKind.RATE_LIMITED, target)
        .ifPresent(
            f -> {
              throw ApiError.tooManyRequests((long) f.retryAfterSeconds());
            });
    faults
        .get()
        .strike(FaultKind.SERVER_ERROR, target)
        .ifPresent(
            f -> {
              throw ApiError.serverError(f.status());
            });
  }

  @ServerResponseFilter
  public void leave(ContainerRequestContext request, ContainerResponseContext response) {
    if (!isApi(request)) {
      return;
    }
    var path = request.getUriInfo().getPath();
    Object hold = current.getCurrent().get(HOLD);
    log.get()
        .add(clock.instant(), request.getMethod(), path, hold == null ? response.getStatus() : 0);
    if (hold instanceof Long milliseconds) {
      pause(milliseconds);
      drop();
      return;
    }
    var headers = response.getHeaders();
    headers.putSingle("x-request-id", UUID.randomUUID().toString());
    if (request.getProperty(VERDICT) instanceof RateLimiter.Verdict verdict) {
      headers.putSingle("ratelimit-limit", verdict.limit());
      headers.putSingle("ratelimit-remaining", verdict.remaining());
      headers.putSingle("ratelimit-reset", verdict.reset().getEpochSecond());
    }
  }

  /** Waits for the end of the connection: until then the answer could still slip through. */
  private void drop() {
    var connection = current.getCurrent().request().connection();
    try {
      connection.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf("connection could not be dropped: cause=%s", e.toString());
    }
  }

  private static boolean isApi(ContainerRequestContext request) {
    return request.getUriInfo().getPath().startsWith("/v2");
  }

  private static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
