package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireNameTest {
  @ParameterizedTest
  @EnumSource
  void eachGoesByItsNameInLowerCase(ToolboxStatus status) throws JsonProcessingException {
    assertThat(status.wire()).isEqualTo(status.name().toLowerCase(Locale.ROOT));
    assertThat(ToolboxStatus.fromWire(status.wire())).isEqualTo(status);
    var json = EventCodec.mapper();
    assertThat(json.writeValueAsString(List.of(status))).isEqualTo("[\"" + status.wire() + "\"]");
    assertThat(json.readValue("\"" + status.wire() + "\"", ToolboxStatus.class)).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RUNNING", "Running", "", "lost"})
  void anyOtherIsRefusedWithThoseThereAre(String wire) {
    assertThatThrownBy(() -> WireName.of(ToolStatus.class, wire))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'"
                + wire
                + "' is none of pending, deploying, running, stopped, restarting, failed, removing,"
                + " removed");
  }
}
