package io.agentopia.toolbox.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.agent.tools.ObservedContainer;
import io.agentopia.toolbox.agent.tools.ObservedContainer.State;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tool in a crash loop looks the same at each glance, whichever engine it runs on. */
class CrashNotesTest {
  private final CrashNotes notes = new CrashNotes(id -> "the last lines of " + id);

  /**
   * While it runs again engine 20.10 still says that the run before had no memory left; 26 and
   * later have forgotten it.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoRanOutOfMemoryIsKnownForThatUntilItEndsOtherwise(boolean toldWhileItRuns) {
    for (var restarts : IntStream.range(0, 5).toArray()) {
      var ended = look(container(State.RESTARTING, 137, true, restarts));
      assertThat(ended.run().outOfMemory()).isTrue();
      var running = look(container(State.RUNNING, null, toldWhileItRuns, restarts + 1));
      assertThat(running.run().exitCode()).isEqualTo(137);
      assertThat(running.run().outOfMemory()).isTrue();
    }
    look(container(State.RESTARTING, 1, false, 6));
    var running = look(container(State.RUNNING, null, false, 7));
    assertThat(running.run().exitCode()).isEqualTo(1);
    assertThat(running.run().outOfMemory()).isFalse();
  }

  @Test
  void whoNeverEndedHasNoNote() {
    var running = container(State.RUNNING, null, false, 0);
    assertThat(look(running)).isEqualTo(running);
  }

  private ObservedContainer look(ObservedContainer container) {
    return notes.enrich(List.of(container)).getFirst();
  }

  private static ObservedContainer container(
      State state, Integer exitCode, boolean outOfMemory, int restartCount) {
    return new ObservedContainer(
        "c1",
        "search",
        "debian:12",
        new ObservedContainer.Origin(null, "search", 1, 0, "spec"),
        new ObservedContainer.Run(state, exitCode, outOfMemory, restartCount, null),
        List.of());
  }
}
