package io.agentopia.toolbox.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.gateway.agent.TokenVerdict.Agent;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Claims;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Expired;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Foreign;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Reason;
import io.agentopia.toolbox.gateway.agent.TokenVerdict.Valid;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenVerdictTest {
  private static final Instant ISSUED = Instant.parse("2026-11-24T12:00:00Z");
  private static final Agent AGENT = new Agent(UUID.randomUUID(), "acct-1", 1);

  private static TokenVerdict verdict(
      String issuer, String audience, boolean isCurrent, Duration age) {
    var claims =
        new Claims(issuer, audience, AGENT, ISSUED, ISSUED.plus(Duration.ofHours(24)), isCurrent);
    return TokenVerdict.of(claims, "us", "agent", ISSUED.plus(age), Duration.ofDays(7));
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
    assertThat(verdict("us", "agent", isCurrent, age))
        .isEqualTo(
            switch (worth) {
              case "valid" -> new Valid(AGENT, false);
              case "due" -> new Valid(AGENT, true);
              case "renewable" -> new Expired(AGENT, true);
              default -> new Expired(AGENT, false);
            });
  }

  @Test
  void aTokenOfAnotherIssuerOrForAnotherUseIsForeign() {
    var foreign = new Foreign(Reason.FOREIGN, AGENT.toolboxId());
    assertThat(verdict("others", "agent", true, Duration.ZERO)).isEqualTo(foreign);
    assertThat(verdict(null, "agent", true, Duration.ZERO)).isEqualTo(foreign);
    assertThat(verdict("us", "session", true, Duration.ZERO)).isEqualTo(foreign);
    assertThat(verdict("us", null, true, Duration.ZERO)).isEqualTo(foreign);
  }
}
