package io.agentopia.toolbox.gateway.account;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.runtime.security.Secrets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.NewCookie;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sessions of the web page: a signed cookie, so that any instance knows it. It names its key by the
 * hash, and is worth what that key is worth: it ends with it.
 */
@ApplicationScoped
public class Sessions {
  static final String COOKIE = "toolbox_session";
  private static final Duration VALID = Duration.ofHours(12);
  private final byte[] secret;
  private final Clock clock;

  @Inject
  public Sessions(GatewayConfig config, Clock clock) {
    this.secret = config.sessionSecret().getBytes(StandardCharsets.UTF_8);
    this.clock = clock;
  }

  /**
   * @param secure the page is reached by TLS: the cookie goes no other way
   */
  public NewCookie cookie(String keyHash, boolean secure) {
    var until = clock.instant().plus(VALID).getEpochSecond();
    var payload = encode((until + "|" + keyHash).getBytes(StandardCharsets.UTF_8));
    return cookie(payload + "." + sign(payload), (int) VALID.toSeconds(), secure);
  }

  public NewCookie ended(boolean secure) {
    return cookie("", 0, secure);
  }

  /**
   * @return the hash of the session's key, if it is a session that lasts
   */
  public Optional<String> read(String value) {
    var dot = value.indexOf('.');
    if (dot < 0 || !Secrets.same(sign(value.substring(0, dot)), value.substring(dot + 1))) {
      return Optional.empty();
    }
    var parts =
        new String(Base64.getUrlDecoder().decode(value.substring(0, dot)), StandardCharsets.UTF_8)
            .split("\\|");
    // One of an earlier release names an account instead of a key: it is over.
    return parts.length == 2
            && clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[0])))
        ? Optional.of(parts[1])
        : Optional.empty();
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

  private String sign(String payload) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return encode(mac.doFinal(payload.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
