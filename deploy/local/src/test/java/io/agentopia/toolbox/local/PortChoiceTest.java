package io.agentopia.toolbox.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentopia.toolbox.embedded.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PortChoiceTest {
  private final AtomicInteger next = new AtomicInteger(50_000);

  @Test
  void theUsualPortIsTakenWhenItIsFree() {
    assertThat(choose(Map.of("kafka", 9092), Map.of(), Set.of())).containsEntry("kafka", 9092);
  }

  @Test
  void anotherIsTakenWhenTheUsualOneIsBusy() {
    assertThat(choose(Map.of("kafka", 9092), Map.of(), Set.of(9092)))
        .containsEntry("kafka", 50_000);
  }

  @Test
  void thePortOfTheLastTimeIsKept() {
    assertThat(choose(Map.of("kafka", 9092), Map.of("kafka", 40_001), Set.of()))
        .containsEntry("kafka", 40_001);
  }

  /** Agents and clients call it there: another one would be silence without a word. */
  @Test
  void thePortOfTheLastTimeIsNeverChangedSilently() {
    assertThatThrownBy(() -> choose(Map.of("kafka", 9092), Map.of("kafka", 40_001), Set.of(40_001)))
        .hasMessageContaining("port 40001, which kafka had last time, is taken by")
        .hasMessageContaining("--new-ports");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whoHoldsAPortIsNamed() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(PortHolder.of(socket.getLocalPort()))
          .startsWith("process " + ProcessHandle.current().pid() + " (")
          .contains("java");
    }
    assertThat(PortHolder.of(Ports.anyFree())).startsWith("another program");
  }

  @Test
  void withoutAUsualPortAnyIsTaken() {
    assertThat(choose(Map.of("kafka", 0), Map.of(), Set.of())).containsEntry("kafka", 50_000);
  }

  @Test
  void noPortIsGivenTwice() {
    assertThat(choose(Map.of("a", 8080, "b", 8080), Map.of(), Set.of()).values())
        .doesNotHaveDuplicates()
        .contains(8080);
  }

  @Test
  void aPortThatSomebodyListensOnIsNotFree() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.isFree(socket.getLocalPort())).isFalse();
    }
  }

  private Map<String, Integer> choose(
      Map<String, Integer> usual, Map<String, Integer> last, Set<Integer> busy) {
    return PortChoice.of(usual, last, port -> !busy.contains(port), next::getAndIncrement);
  }
}
