package io.agentopia.toolbox.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UptimeTest {
  @ParameterizedTest
  @CsvSource({
    "PT-3S, 0s",
    "PT45S, 45s",
    "PT3M20S, 3m20s",
    "PT2H15M59S, 2h15m",
    "PT25H, 1d1h",
    "PT720H, 30d0h"
  })
  void shows_the_two_largest_units(Duration uptime, String shown) {
    assertThat(StatusDocument.uptime(uptime)).isEqualTo(shown);
  }
}
