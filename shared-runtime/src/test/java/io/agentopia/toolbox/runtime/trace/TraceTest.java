package io.agentopia.toolbox.runtime.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void aChildKeepsTheTraceAndHasASpanOfItsOwn() {
    var child = Trace.child(PARENT);
    assertThat(Trace.id(child)).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(child).isNotEqualTo(PARENT).hasSize(55).endsWith("-01");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "garbage", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"})
  void withoutAValidParentANewTraceBegins(String parent) {
    assertThat(Trace.id(Trace.child(parent))).hasSize(32);
    assertThat(Trace.id(parent)).isEqualTo("-");
  }
}
