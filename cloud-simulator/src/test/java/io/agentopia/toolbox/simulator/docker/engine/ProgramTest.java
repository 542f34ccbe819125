package io.agentopia.toolbox.simulator.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          true                         | 0    | 0
          false                        | 0    | 1
          /bin/false                   | 0    | 1
          sleep 1.5                    | 1500 | 0
          sleep infinity               |      | 0
          sh -c exit 3                 | 0    | 3
          sh -c sleep 2; exit 7        | 2000 | 7
          sh -c sleep 1 && false       | 1000 | 1
          sh -c echo on; sleep infinity|      | 0
          sh -c while true; do :; done |      | 0
          nginx -g daemon              |      | 0
          """)
  void aCommandEndsWhenItWouldEnd(String command, Long milliseconds, int code) {
    var words =
        command.startsWith("sh -c ")
            ? List.of("sh", "-c", command.substring(6))
            : List.of(command.split(" "));

    var program = Program.of(words, "debian");

    assertThat(program.length())
        .isEqualTo(milliseconds == null ? null : Duration.ofMillis(milliseconds));
    assertThat(program.exitCode()).isEqualTo(code);
  }

  @Test
  void whatIsEchoedIsLoggedAtItsTimeAndOnItsStream() {
    var program =
        Program.of(
            List.of("sh", "-c", "echo \"hello there\"; sleep 1; echo oops >&2; exit 4"), "debian");

    assertThat(program.output())
        .containsExactly(
            new Program.Output(Duration.ZERO, false, "hello there"),
            new Program.Output(Duration.ofSeconds(1), true, "oops"));
  }

  @Test
  void aServerSaysThatItRunsAndHeedsSignals() {
    var program = Program.of(List.of(), "nginx:1");

    assertThat(program.heedsSignals()).isTrue();
    assertThat(program.output())
        .extracting(Program.Output::line)
        .containsExactly("simulated: nginx:1 runs");
  }
}
