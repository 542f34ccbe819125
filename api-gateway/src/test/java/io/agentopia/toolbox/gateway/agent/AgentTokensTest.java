package io.agentopia.toolbox.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Expired;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Foreign;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Reason;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Valid;
import io.agentopia.toolbox.runtime.security.KeyRings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens as they come: each is signed, and judged at the time its ring and clock say. */
class AgentTokensTest {
  private static final Instant ISSUED = Instant.parse("2026-11-24T12:00:00Z");
  private static final Agent AGENT = new Agent(UUID.randomUUID(), "acct-1", 1);
  private static final String CURRENT = "the-current-key-of-32-characters-or-more";
  private static final String LEAVING = "the-key-on-its-way-out-of-32-characters";
  private static final String FOREIGN = "a-key-that-is-not-ours-but-is-long-enough";

  @TempDir Path directory;
  private KeyRings rings;

  @BeforeEach
  void aRingOfTwo() throws IOException {
    var file =
        Files.writeString(
            directory.resolve("keys.json"),
            """
            {"agent-token": [{"secret": "%s", "notBefore": "2026-11-20T00:00:00Z"}, {"secret": "%s"}],
             "backend-to-dtma": [{"secret": "another-purpose-0123456789"}]}
            """
                .formatted(CURRENT, LEAVING));
    rings = new KeyRings(Optional.of(file), Optional.empty(), Optional.empty());
  }

  @ParameterizedTest(name = "{0} old, signed by the current key {1}: {2}")
  @CsvSource({
    "PT0S,            true,  valid",
    "PT0S,            false, due",
    "PT15H59M59S,     true,  valid",
    "PT16H,           true,  due",
    "PT23H59M59S,     true,  due",
    "PT24H,           true,  renewable",
    "PT24H,           false, renewable",
    "P7DT23H59M59S,   true,  renewable",
    "P8D,             true,  over",
    "P8D,             false, over",
  })
  void aTokenOfOursIsWorthLessWithTime(Duration age, boolean isCurrent, String worth) {
    assertThat(judged(signed(isCurrent ? CURRENT : LEAVING, claims -> {}), age))
        .isEqualTo(
            switch (worth) {
              case "valid" -> new Valid(AGENT, false);
              case "due" -> new Valid(AGENT, true);
              case "renewable" -> new Expired(AGENT, true);
              default -> new Expired(AGENT, false);
            });
  }

  @Test
  void whatIsMintedIsValidAndNamesItsKey() throws JoseException {
    var token = tokens(Duration.ZERO).mint(AGENT);
    assertThat(token.expiresAt()).isEqualTo(ISSUED.plus(Duration.ofHours(24)));
    assertThat(judged(token.text(), Duration.ZERO)).isEqualTo(new Valid(AGENT, false));
    var read = new JsonWebSignature();
    read.setCompactSerialization(token.text());
    assertThat(read.getKeyIdHeaderValue()).isEqualTo(rings.agentToken().current(ISSUED).id());
  }

  @Test
  void aTokenOfAnotherIssuerOrForAnotherUseIsForeign() {
    var foreign = new Foreign(Reason.FOREIGN, AGENT.toolboxId());
    assertThat(judged(claims -> claims.setIssuer("others"))).isEqualTo(foreign);
    assertThat(judged(claims -> claims.unsetClaim("iss"))).isEqualTo(foreign);
    assertThat(judged(claims -> claims.setAudience("session"))).isEqualTo(foreign);
    assertThat(judged(claims -> claims.unsetClaim("aud"))).isEqualTo(foreign);
    assertThat(judged(signed(CURRENT, claims -> claims.setIssuer("others")), Duration.ofDays(30)))
        .isEqualTo(foreign);
  }

  @Test
  void aTokenOfAnotherKeyProvesNothingOfWhatItClaims() {
    assertThat(judged(signed(FOREIGN, claims -> {}), Duration.ZERO))
        .isEqualTo(new Foreign(Reason.SIGNATURE, AGENT.toolboxId()));
    assertThat(judged(signed(FOREIGN, claims -> claims.setSubject("no id")), Duration.ZERO))
        .isEqualTo(new Foreign(Reason.SIGNATURE, null));
  }

  @ParameterizedTest
  @CsvSource({"sub", "iat", "exp", "generation"})
  void aTokenWithoutOneOfItsClaimsIsUnreadable(String missing) {
    assertThat(judged(claims -> claims.unsetClaim(missing)))
        .isEqualTo(new Foreign(Reason.UNREADABLE, null));
  }

  @Test
  void whatIsNoTokenOfThisKindIsUnreadable() throws JoseException {
    var unreadable = new Foreign(Reason.UNREADABLE, null);
    assertThat(judged("what is no token", Duration.ZERO)).isEqualTo(unreadable);
    assertThat(judged("e30.e30.e30", Duration.ZERO)).isEqualTo(unreadable);
    assertThat(judged(claims -> claims.setSubject("no id"))).isEqualTo(unreadable);
    assertThat(judged(claims -> claims.setClaim("generation", "one"))).isEqualTo(unreadable);
    var unsigned = jws(claims -> {});
    unsigned.setAlgorithmConstraints(AlgorithmConstraints.ALLOW_ONLY_NONE);
    unsigned.setAlgorithmHeaderValue(AlgorithmIdentifiers.NONE);
    assertThat(judged(unsigned.getCompactSerialization(), Duration.ZERO)).isEqualTo(unreadable);
    assertThat(judged((String) null, Duration.ZERO)).isEqualTo(new Foreign(Reason.MISSING, null));
    assertThat(judged(" ", Duration.ZERO)).isEqualTo(new Foreign(Reason.MISSING, null));
  }

  private TokenVerdict judged(Consumer<JwtClaims> change) {
    return judged(signed(CURRENT, change), Duration.ZERO);
  }

  private TokenVerdict judged(String token, Duration age) {
    return tokens(age).judge(token);
  }

  private AgentTokens tokens(Duration age) {
    return new AgentTokens(
        rings,
        Duration.ofHours(24),
        Duration.ofDays(7),
        Clock.fixed(ISSUED.plus(age), ZoneOffset.UTC));
  }

  private static String signed(String secret, Consumer<JwtClaims> change) {
    var jws = jws(change);
    jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
    jws.setKey(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    try {
      return jws.getCompactSerialization();
    } catch (JoseException e) {
      throw new AssertionError("a test's token cannot be signed", e);
    }
  }

  private static JsonWebSignature jws(Consumer<JwtClaims> change) {
    var claims = new JwtClaims();
    claims.setIssuer("agentopia-toolbox");
    claims.setAudience("agent");
    claims.setSubject(AGENT.toolboxId().toString());
    claims.setClaim("account", AGENT.accountId());
    claims.setClaim("generation", AGENT.generation());
    claims.setIssuedAt(NumericDate.fromSeconds(ISSUED.getEpochSecond()));
    claims.setExpirationTime(
        NumericDate.fromSeconds(ISSUED.plus(Duration.ofHours(24)).getEpochSecond()));
    change.accept(claims);
    var jws = new JsonWebSignature();
    jws.setPayload(claims.toJson());
    return jws;
  }
}
