package io.agentopia.toolbox.agent.http;

import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.lifecycle.Agent;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;

/** Lets in who presents an inbound key; tells nothing about how near a wrong one was. */
@Provider
@KeyRequired
public class KeyFilter implements ContainerRequestFilter {
  private static final String SCHEME = "bearer ";
  private final Instance<Agent> agent;
  private final Clock clock;

  /**
   * Looked up at each call, because filters are made before the run-time configuration is there.
   */
  @Inject
  public KeyFilter(Instance<Agent> agent, Clock clock) {
    this.agent = agent;
    this.clock = clock;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    var identity = agent.get().identity();
    if (identity.isEmpty()) {
      request.abortWith(
          Problem.response(
              503,
              "not_joined",
              "The agent has not joined yet",
              "The agent has no identity, so no key can be right.",
              "Try again when GET /health says UP; the agent's log says what the join waits for."));
    } else if (!isAccepted(presented(request), identity.get())) {
      request.abortWith(
          Problem.response(
              401,
              "unauthorized",
              "The key is missing or wrong",
              "The call carries no inbound key of toolbox " + identity.get().toolboxId() + ".",
              "Send 'Authorization: Bearer <key>' with the key derived for this toolbox and generation."));
    }
  }

  private boolean isAccepted(String presented, Identity identity) {
    var now = clock.instant();
    return identity.inboundKeys().stream()
        .anyMatch(key -> key.isAccepted(now) && same(presented, key.key()));
  }

  private static String presented(ContainerRequestContext request) {
    var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : "";
  }

  /** Hashes of equal length are compared, so that not even the key's length shows in the time. */
  private static boolean same(String presented, String key) {
    return MessageDigest.isEqual(sha256(presented), sha256(key));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
