package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Claims;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Foreign;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Reason;
import io.agentopia.toolbox.runtime.security.KeyRing;
import io.agentopia.toolbox.runtime.security.KeyRings;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;

/**
 * Agents' tokens: signed with the current key of the agent-token ring (HS256), bound to one toolbox
 * and generation. Every key of the ring is accepted, so a rotation refuses nobody.
 */
@ApplicationScoped
public class AgentTokens {
  private static final String ISSUER = "agentopia-toolbox";
  private static final String AUDIENCE = "agent";

  private final KeyRings rings;
  private final Duration validity;
  private final Duration grace;
  private final Clock clock;

  @Inject
  public AgentTokens(KeyRings rings, GatewayConfig config, Clock clock) {
    this.rings = rings;
    this.validity = config.agentTokenValidity();
    this.grace = config.agentTokenGrace();
    this.clock = clock;
  }

  public record Token(String text, Instant expiresAt) {
    /** Secrets stay out of logs. */
    @Override
    public String toString() {
      return "Token[expiresAt=" + expiresAt + "]";
    }
  }

  /**
   * @throws IllegalStateException there is no key to sign with; it says what to set
   */
  void requireKeys() {
    rings.agentToken().current(clock.instant());
  }

  public Token mint(Agent agent) {
    var now = clock.instant();
    var expiresAt = now.plus(validity);
    var key = rings.agentToken().current(now);
    var text =
        Jwt.issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(agent.toolboxId().toString())
            .claim("account", agent.accountId())
            .claim("generation", agent.generation())
            .issuedAt(now)
            .expiresAt(expiresAt)
            .jws()
            .keyId(key.id())
            .sign(secret(key));
    return new Token(text, expiresAt);
  }

  public TokenVerdict judge(String token) {
    if (token == null || token.isBlank()) {
      return new Foreign(Reason.MISSING, null);
    }
    try {
      var signed = new JsonWebSignature();
      signed.setAlgorithmConstraints(
          new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256));
      signed.setCompactSerialization(token);
      var now = clock.instant();
      var ring = rings.agentToken();
      for (var key : candidates(ring, signed.getKeyIdHeaderValue(), now)) {
        signed.setKey(secret(key));
        if (signed.verifySignature()) {
          var claims = claims(signed.getPayload(), key.id().equals(ring.current(now).id()));
          return TokenVerdict.of(claims, ISSUER, AUDIENCE, now, grace);
        }
      }
      return new Foreign(Reason.SIGNATURE, claimed(signed.getUnverifiedPayload()));
    } catch (JoseException
        | InvalidJwtException
        | MalformedClaimException
        | IllegalArgumentException e) {
      return new Foreign(Reason.UNREADABLE, null);
    }
  }

  /** A token that names no key was signed before keys had names. */
  private static List<KeyRing.Key> candidates(KeyRing ring, String keyId, Instant now) {
    return keyId == null
        ? ring.accepted(now)
        : ring.accepted(keyId, now).map(List::of).orElseGet(List::of);
  }

  /** The library's own checks of time are not used: they read the system's clock. */
  private static Claims claims(String payload, boolean signedByCurrentKey)
      throws InvalidJwtException, MalformedClaimException {
    var claims = JwtClaims.parse(payload);
    var audience = claims.getAudience();
    var generation = claims.getClaimValue("generation", Number.class);
    if (claims.getSubject() == null
        || generation == null
        || claims.getIssuedAt() == null
        || claims.getExpirationTime() == null) {
      throw new IllegalArgumentException("a claim is missing");
    }
    return new Claims(
        claims.getIssuer(),
        audience.size() == 1 ? audience.getFirst() : null,
        new Agent(
            UUID.fromString(claims.getSubject()),
            claims.getClaimValue("account", String.class),
            generation.longValue()),
        Instant.ofEpochSecond(claims.getIssuedAt().getValue()),
        Instant.ofEpochSecond(claims.getExpirationTime().getValue()),
        signedByCurrentKey);
  }

  private static UUID claimed(String payload) throws MalformedClaimException {
    try {
      return UUID.fromString(JwtClaims.parse(payload).getSubject());
    } catch (InvalidJwtException | IllegalArgumentException | NullPointerException e) {
      return null;
    }
  }

  private static SecretKey secret(KeyRing.Key key) {
    return new SecretKeySpec(key.bytes(), "HmacSHA256");
  }
}
