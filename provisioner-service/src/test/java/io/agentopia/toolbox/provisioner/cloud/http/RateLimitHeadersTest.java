package io.agentopia.toolbox.provisioner.cloud.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.provisioner.cloud.budget.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitHeadersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "7,7",
    "' 7 ',7",
    "0,0",
    "'Thu, 01 Jan 2026 12:00:42 GMT',42",
    "'Thu, 01 Jan 2026 11:00:00 GMT',0",
    "-3,",
    "soon,",
    ",",
  })
  void retryAfterIsSecondsOrADate(String header, Long seconds) {
    var answer =
        RateLimitHeaders.read(429, name -> name.equals("retry-after") ? header : null, NOW);
    assertThat(answer.isRefusal()).isTrue();
    assertThat(answer.retryAfter()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @Test
  void theOtherHeadersAreReadAndMayBeMissingOrWrong() {
    var headers = Map.of("ratelimit-remaining", "12", "ratelimit-reset", "1767268800");
    assertThat(RateLimitHeaders.read(200, headers::get, NOW))
        .isEqualTo(new Answer(false, 12, Instant.ofEpochSecond(1767268800), null));
    var wrong = Map.of("ratelimit-remaining", "many", "ratelimit-reset", "99999999999999999");
    assertThat(RateLimitHeaders.read(200, wrong::get, NOW))
        .isEqualTo(new Answer(false, null, null, null));
  }
}
