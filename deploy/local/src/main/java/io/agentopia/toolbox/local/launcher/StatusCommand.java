package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.Leftovers;
import io.agentopia.toolbox.local.StackState;
import io.agentopia.toolbox.local.process.ProcessState;
import io.agentopia.toolbox.local.process.ProcessView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = "Shows processes, ports and addresses. Exit code 1: not all is ready.")
final class StatusCommand extends LocalCommand {
  @Override
  public Integer call() {
    var running = place.running();
    if (running.isEmpty()) {
      return withoutSupervisor();
    }
    var state = running.get();
    table(state.processes());
    screen.line("");
    screen.lines(Addresses.of(place, state));
    screen.line("  logs       " + place.logs());
    var allReady = state.processes().stream().allMatch(p -> p.state() == ProcessState.READY);
    return allReady && state.phase() == StackState.Phase.READY ? 0 : 1;
  }

  /** It was killed, and what it started goes on by itself: nobody starts again what ends now. */
  private int withoutSupervisor() {
    var leftovers = new Leftovers(place.dir());
    var left =
        StackState.read(place.options().stateFile())
            .map(StackState::processes)
            .orElse(List.of())
            .stream()
            .filter(p -> p.pid() != 0 && leftovers.has(p.pid()))
            .toList();
    if (left.isEmpty()) {
      screen.line("Nothing is running. ./toolbox up starts everything.");
    } else {
      screen.line(
          "The supervisor is gone (it was killed), and these run without it: nobody starts them again.");
      table(left);
      screen.line("./toolbox up ends them and starts everything anew; ./toolbox down ends them.");
    }
    return 1;
  }

  private void table(List<ProcessView> processes) {
    screen.line("%-20s %-11s %8s %6s %9s  %s".formatted("", "state", "pid", "port", "up", ""));
    processes.forEach(p -> screen.line(row(p, Instant.now())));
  }

  private String row(ProcessView process, Instant now) {
    var up = process.pid() == 0 ? "" : uptime(Duration.between(process.startedAt(), now));
    var restarts =
        process.restarts() == 0
            ? ""
            : "restarts: %d, last exit code %d".formatted(process.restarts(), process.lastExit());
    var word = process.state().name().toLowerCase(Locale.ROOT);
    return "%-20s %-11s %8s %6d %9s  %s"
        .formatted(
            process.name(),
            word,
            process.pid() == 0 ? "-" : process.pid(),
            process.port(),
            up,
            restarts)
        .stripTrailing();
  }

  private static String uptime(Duration time) {
    return time.toHours() > 0
        ? time.toHours() + "h" + time.toMinutesPart() + "m"
        : time.toMinutes() + "m" + time.toSecondsPart() + "s";
  }
}
