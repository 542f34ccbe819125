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

/** Sessions of the web page: a signed cookie, so that any instance knows it. Holds no key. */
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

  public NewCookie cookie(Caller caller) {
    var until = clock.instant().plus(VALID).getEpochSecond();
    var payload =
        encode(
            (until + "|" + caller.role() + "|" + caller.accountId())
                .getBytes(StandardCharsets.UTF_8));
    return cookie(payload + "." + sign(payload), (int) VALID.toSeconds());
  }

  public NewCookie ended() {
    return cookie("", 0);
  }

  public Optional<Caller> read(String value) {
    var dot = value.indexOf('.');
    if (dot < 0 || !Secrets.same(sign(value.substring(0, dot)), value.substring(dot + 1))) {
      return Optional.empty();
    }
    var parts =
        new String(Base64.getUrlDecoder().decode(value.substring(0, dot)), StandardCharsets.UTF_8)
            .split("\\|", 3);
    return clock.instant().isBefore(Instant.ofEpochSecond(Long.parseLong(parts[0])))
        ? Optional.of(new Caller(parts[2], Caller.Role.valueOf(parts[1])))
        : Optional.empty();
  }

  private static NewCookie cookie(String value, int maxAge) {
    return new NewCookie.Builder(COOKIE)
        .value(value)
        .path("/")
        .maxAge(maxAge)
        .httpOnly(true)
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
