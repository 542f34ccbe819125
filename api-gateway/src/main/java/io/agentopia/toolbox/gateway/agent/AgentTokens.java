package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.runtime.http.Problem;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Agents' tokens: signed with AGENT_TOKEN_SECRET (HS256), bound to one toolbox and generation. */
@ApplicationScoped
public class AgentTokens {
  private static final String ISSUER = "agentopia-toolbox";
  private static final String AUDIENCE = "agent";
  private final JWTParser parser;
  private final SecretKey key;
  private final Duration validity;
  private final Clock clock;

  @Inject
  public AgentTokens(JWTParser parser, GatewayConfig config, Clock clock) {
    this.parser = parser;
    this.key =
        new SecretKeySpec(config.agentTokenSecret().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    this.validity = config.agentTokenValidity();
    this.clock = clock;
  }

  /** Who an agent is. */
  public record Agent(
      UUID toolboxId, String accountId, long generation, Instant issuedAt, Instant expiresAt) {}

  public record Token(String text, Instant expiresAt) {}

  public Token mint(UUID toolboxId, String accountId, long generation) {
    var now = clock.instant();
    var expiresAt = now.plus(validity);
    var text =
        Jwt.issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(toolboxId.toString())
            .claim("account", accountId)
            .claim("generation", generation)
            .issuedAt(now)
            .expiresAt(expiresAt)
            .sign(key);
    return new Token(text, expiresAt);
  }

  public Agent verify(String authorization) {
    if (authorization == null || !authorization.startsWith("Bearer ")) {
      throw refused().exception();
    }
    try {
      return agent(parser.verify(authorization.substring(7), key));
    } catch (ParseException | RuntimeException e) {
      throw refused().exception();
    }
  }

  private Agent agent(JsonWebToken jwt) {
    if (!ISSUER.equals(jwt.getIssuer())
        || jwt.getAudience() == null
        || !jwt.getAudience().contains(AUDIENCE)) {
      throw refused().exception();
    }
    return new Agent(
        UUID.fromString(jwt.getSubject()),
        jwt.getClaim("account").toString(),
        Long.parseLong(jwt.getClaim("generation").toString()),
        Instant.ofEpochSecond(jwt.getIssuedAtTime()),
        Instant.ofEpochSecond(jwt.getExpirationTime()));
  }

  /** After two thirds of its life. */
  public boolean isDueForRenewal(Agent agent) {
    var life = Duration.between(agent.issuedAt(), agent.expiresAt());
    return !clock.instant().isBefore(agent.issuedAt().plus(life.multipliedBy(2).dividedBy(3)));
  }

  static Problem refused() {
    return Problem.of(
        401,
        "agent_token_invalid",
        "Agent token not valid",
        "The token is missing, expired, or not one of ours.",
        "Go on trying with back-off; an operator can recreate the toolbox.");
  }
}
