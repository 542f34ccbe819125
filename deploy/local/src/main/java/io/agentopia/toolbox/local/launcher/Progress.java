package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.StackState;
import io.agentopia.toolbox.local.process.ProcessState;
import io.agentopia.toolbox.local.process.ProcessView;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows how a stack comes up: one line for each process that changes for good. */
final class Progress {
  private final Screen screen;
  private final Map<String, ProcessState> shown = new HashMap<>();

  Progress(Screen screen) {
    this.screen = screen;
  }

  synchronized void show(StackState state) {
    if (state.phase() != StackState.Phase.STARTING && state.phase() != StackState.Phase.READY) {
      return;
    }
    state.processes().stream()
        .filter(p -> shown.put(p.name(), p.state()) != p.state())
        .forEach(this::change);
    var starting =
        state.processes().stream()
            .filter(p -> p.state() == ProcessState.STARTING)
            .map(ProcessView::name)
            .collect(Collectors.joining(", "));
    if (!starting.isEmpty()) {
      screen.passing("  starting " + starting + " ...");
    }
  }

  private void change(ProcessView process) {
    switch (process.state()) {
      case READY -> screen.line(ready(process));
      case RESTARTING ->
          screen.line(
              "  %-20s %s (exit code %d), started again"
                  .formatted(process.name(), screen.red("ended"), process.lastExit()));
      case FAILED -> screen.line("  %-20s %s".formatted(process.name(), screen.red("failed")));
      case WAITING, STARTING, STOPPED -> {
        // Nothing to report yet.
      }
    }
  }

  private String ready(ProcessView process) {
    return "  %-20s %s in %s   127.0.0.1:%d"
        .formatted(
            process.name(),
            screen.green("ready"),
            seconds(Duration.between(process.startedAt(), process.readyAt())),
            process.port());
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%5.1f s", time.toMillis() / 1000.0);
  }
}
