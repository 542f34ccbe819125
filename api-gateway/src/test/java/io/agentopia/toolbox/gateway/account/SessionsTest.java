package io.agentopia.toolbox.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final Instant BEGUN = Instant.parse("2026-11-24T12:00:00Z");
  private static final String SECRET = "session-secret-of-the-tests-0123456789abcdef";

  private static Sessions after(Duration since, String secret) {
    return new Sessions(secret, Clock.fixed(BEGUN.plus(since), ZoneOffset.UTC));
  }

  private static final String COOKIE =
      after(Duration.ZERO, SECRET).cookie("the-hash", true).getValue();

  @Test
  void aSessionNamesItsKeyAndLastsTwelveHours() {
    assertThat(after(Duration.ZERO, SECRET).read(COOKIE)).contains("the-hash");
    assertThat(after(Duration.ofHours(12).minusSeconds(1), SECRET).read(COOKIE))
        .contains("the-hash");
    assertThat(after(Duration.ofHours(12), SECRET).read(COOKIE)).isEmpty();
  }

  @Test
  void anotherSecretEndsIt() {
    assertThat(after(Duration.ZERO, "another-" + SECRET).read(COOKIE)).isEmpty();
  }

  @Test
  void whatIsNoSessionIsNone() {
    for (var value :
        new String[] {
          "",
          ".",
          COOKIE.substring(0, COOKIE.lastIndexOf('.') + 1),
          COOKIE + "A",
          "MTc2NDAwMDAwMHxoYXNo.c2lnbmVkIGJ5IGFuIGVhcmxpZXIgcmVsZWFzZQ"
        }) {
      assertThat(after(Duration.ZERO, SECRET).read(value)).as(value).isEmpty();
    }
  }

  @Test
  void noScriptReadsTheCookieAndNoOtherSiteSendsIt() {
    var cookie = after(Duration.ZERO, SECRET).cookie("the-hash", true);
    assertThat(cookie.isHttpOnly()).isTrue();
    assertThat(cookie.isSecure()).isTrue();
    assertThat(cookie.getMaxAge()).isEqualTo(12 * 60 * 60);
    assertThat(after(Duration.ZERO, SECRET).ended(false).getMaxAge()).isZero();
  }
}
