package io.agentopia.toolbox.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.gateway.GatewayConfig;
import io.agentopia.toolbox.runtime.http.ProblemException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private final Traffic traffic = new Traffic(null, callsPerMinute(3), clock());
  private final UUID toolbox = UUID.randomUUID();

  /** Whoever owns a droplet has its token. */
  @Test
  void anAgentThatCallsTooOftenIsToldWhenItMayAndNoOtherIsHeldUp() {
    for (var call = 0; call < 3; call++) {
      traffic.agentCall(toolbox);
    }
    assertThatThrownBy(() -> traffic.agentCall(toolbox))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(429);
              assertThat(e.problem().type()).endsWith(":too_many_agent_calls");
              assertThat(e.retryAfterSeconds()).contains(20L);
            });
    assertThatCode(() -> traffic.agentCall(UUID.randomUUID())).doesNotThrowAnyException();
    now = now.plusSeconds(20);
    assertThatCode(() -> traffic.agentCall(toolbox)).doesNotThrowAnyException();
    assertThatThrownBy(() -> traffic.agentCall(toolbox)).isInstanceOf(ProblemException.class);
  }

  private static GatewayConfig callsPerMinute(int calls) {
    return (GatewayConfig)
        Proxy.newProxyInstance(
            TrafficTest.class.getClassLoader(),
            new Class<?>[] {GatewayConfig.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("agentCallsPerMinute")) {
                return calls;
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return now;
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }
}
