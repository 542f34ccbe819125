package io.agentopia.toolbox.gateway.account;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.NewCookie;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;

/**
 * Sessions of the web page: a signed token (JWT, HS256) in a cookie, so that any instance knows it.
 * Its subject is the hash of the key it was begun with, and it is worth what that key is worth: it
 * ends with it.
 */
@ApplicationScoped
public class Sessions {
  static final String COOKIE = "toolbox_session";
  private static final String AUDIENCE = "web-session";
  private static final Duration VALID = Duration.ofHours(12);
  private final SecretKey secret;
  private final Clock clock;

  @Inject
  public Sessions(GatewayConfig config, Clock clock) {
    this(config.sessionSecret(), clock);
  }

  Sessions(String secret, Clock clock) {
    this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    this.clock = clock;
  }

  /**
   * @param secure the page is reached by TLS: the cookie goes no other way
   */
  public NewCookie cookie(String keyHash, boolean secure) {
    var now = clock.instant();
    var token =
        Jwt.subject(keyHash)
            .audience(AUDIENCE)
            .issuedAt(now)
            .expiresAt(now.plus(VALID))
            .sign(secret);
    return cookie(token, (int) VALID.toSeconds(), secure);
  }

  public NewCookie ended(boolean secure) {
    return cookie("", 0, secure);
  }

  /**
   * @return the hash of the session's key, if it is a session that lasts; one of an earlier
   *     release, which was no JWT, is over
   */
  public Optional<String> read(String value) {
    try {
      var claims =
          new JwtConsumerBuilder()
              .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.HMAC_SHA256)
              .setVerificationKey(secret)
              .setExpectedAudience(AUDIENCE)
              .setRequireSubject()
              .setRequireExpirationTime()
              .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
              .build()
              .processToClaims(value);
      return Optional.of(claims.getSubject());
    } catch (InvalidJwtException | MalformedClaimException e) {
      return Optional.empty();
    }
  }

  private static NewCookie cookie(String value, int maxAge, boolean secure) {
    return new NewCookie.Builder(COOKIE)
        .value(value)
        .path("/")
        .maxAge(maxAge)
        .httpOnly(true)
        .secure(secure)
        .sameSite(NewCookie.SameSite.STRICT)
        .build();
  }
}
