package io.agentopia.toolbox.gateway.agent;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
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
import java.util.Set;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Agents' tokens: signed with the current key of the agent-token ring (HS256), bound to one toolbox
 * and generation. Every key of the ring is accepted, so a rotation refuses nobody.
 */
@ApplicationScoped
public class AgentTokens {
  private static final String ISSUER = "agentopia-toolbox";
  private static final String AUDIENCE = "agent";
  private static final Set<Integer> FOREIGN =
      Set.of(
          ErrorCodes.ISSUER_MISSING,
          ErrorCodes.ISSUER_INVALID,
          ErrorCodes.AUDIENCE_MISSING,
          ErrorCodes.AUDIENCE_INVALID);

  private final KeyRings rings;
  private final Duration validity;
  private final Duration grace;
  private final Clock clock;

  @Inject
  public AgentTokens(KeyRings rings, GatewayConfig config, Clock clock) {
    this(rings, config.agentTokenValidity(), config.agentTokenGrace(), clock);
  }

  /**
   * @param grace how long after its end a token can still be renewed
   */
  AgentTokens(KeyRings rings, Duration validity, Duration grace, Clock clock) {
    this.rings = rings;
    this.validity = validity;
    this.grace = grace;
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
      return judge(token, clock.instant());
    } catch (MalformedClaimException | IllegalArgumentException e) {
      return new Foreign(Reason.UNREADABLE, null);
    }
  }

  private TokenVerdict judge(String token, Instant now) throws MalformedClaimException {
    try {
      return worth(consumer(now).process(token), now);
    } catch (InvalidJwtException e) {
      return refused(e, now);
    }
  }

  private JwtConsumer consumer(Instant now) {
    return new JwtConsumerBuilder()
        .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256)
        .setVerificationKeyResolver((signed, outer) -> keyOf(signed, now))
        .setExpectedIssuer(ISSUER)
        .setExpectedAudience(AUDIENCE)
        .setRequireSubject()
        .setRequireIssuedAt()
        .setRequireExpirationTime()
        .setEvaluationTime(NumericDate.fromMilliseconds(now.toEpochMilli()))
        .build();
  }

  /** Whichever of the ring it was signed with: they are few, and old tokens do not name theirs. */
  private SecretKey keyOf(JsonWebSignature signed, Instant now) throws UnresolvableKeyException {
    var keys = rings.agentToken().accepted(now).stream().map(AgentTokens::secret).toList();
    try {
      for (var key : keys) {
        signed.setKey(key);
        if (signed.verifySignature()) {
          return key;
        }
      }
    } catch (JoseException e) {
      throw new UnresolvableKeyException("it cannot have been signed with a key of ours", e);
    }
    return keys.getFirst();
  }

  private TokenVerdict worth(JwtContext good, Instant now) throws MalformedClaimException {
    var claims = good.getJwtClaims();
    var signed = (JsonWebSignature) good.getJoseObjects().getFirst();
    var isCurrent = signed.getKey().equals(secret(rings.agentToken().current(now)));
    return TokenVerdict.valid(
        agent(claims),
        time(claims.getIssuedAt()),
        time(claims.getExpirationTime()),
        isCurrent,
        now);
  }

  private TokenVerdict refused(InvalidJwtException e, Instant now) throws MalformedClaimException {
    var claims = e.getJwtContext().getJwtClaims();
    if (e.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)) {
      return new Foreign(Reason.SIGNATURE, claimed(claims));
    }
    if (FOREIGN.stream().anyMatch(e::hasErrorCode)) {
      return new Foreign(Reason.FOREIGN, claimed(claims));
    }
    return e.hasExpired() && e.getErrorDetails().size() == 1
        ? TokenVerdict.expired(agent(claims), time(claims.getExpirationTime()), grace, now)
        : new Foreign(Reason.UNREADABLE, null);
  }

  private static Agent agent(JwtClaims claims) throws MalformedClaimException {
    var generation = claims.getClaimValue("generation", Number.class);
    if (generation == null) {
      throw new IllegalArgumentException("the generation is missing");
    }
    return new Agent(
        UUID.fromString(claims.getSubject()),
        claims.getClaimValue("account", String.class),
        generation.longValue());
  }

  private static Instant time(NumericDate date) {
    return Instant.ofEpochSecond(date.getValue());
  }

  private static UUID claimed(JwtClaims claims) throws MalformedClaimException {
    try {
      return UUID.fromString(claims.getSubject());
    } catch (IllegalArgumentException | NullPointerException e) {
      return null;
    }
  }

  private static SecretKey secret(KeyRing.Key key) {
    return new SecretKeySpec(key.bytes(), "HmacSHA256");
  }
}
