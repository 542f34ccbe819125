package io.agentopia.toolbox.runtime.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class IdsTest {
  @Test
  void anIdIsAVersion7UuidThatSortsByItsTime() {
    var earlier =
        new Ids(Clock.fixed(Instant.parse("2026-11-23T15:00:00Z"), ZoneOffset.UTC)).next();
    var later =
        new Ids(Clock.fixed(Instant.parse("2026-11-23T15:00:00.001Z"), ZoneOffset.UTC)).next();
    assertThat(earlier.version()).isEqualTo(7);
    assertThat(earlier.variant()).isEqualTo(2);
    assertThat(earlier.toString()).isLessThan(later.toString());
  }
}
