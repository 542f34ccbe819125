package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.AgentEvent.Metrics;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final ObjectMapper JSON = EventCodec.mapper();

  @Test
  void whatIsNotKnownIsLeftOutAndWhatIsNotSaidIsAbsent() throws JsonProcessingException {
    var read = JSON.readValue("{\"nobodyMeasuresThis\": 3, \"diskPercent\": 20}", Metrics.class);
    assertThat(read.of(Measurement.DISK_PERCENT)).hasValue(20);
    assertThat(read.of(Measurement.CPU_PERCENT)).isEmpty();
    assertThat(read).isEqualTo(new Metrics(Map.of(Measurement.DISK_PERCENT, 20.0)));
  }

  /** As it always was: counts as whole numbers, in the order of the vocabulary. */
  @Test
  void sharesHaveAPointAndCountsHaveNone() throws JsonProcessingException {
    var metrics =
        new Metrics(Map.of(Measurement.DOCKER_CONTAINERS, 3, Measurement.CPU_PERCENT, 45));
    assertThat(JSON.writeValueAsString(metrics))
        .isEqualTo("{\"cpuPercent\":45.0,\"dockerContainers\":3}");
  }
}
