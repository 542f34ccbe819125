package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.StackState;
import io.agentopia.toolbox.local.process.ProcessState;
import io.agentopia.toolbox.local.process.ProcessView;
import java.time.Duration;
import java.time.Instant;
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
      screen.line("Nothing is running. ./toolbox up starts everything.");
      return 1;
    }
    var state = running.get();
    screen.line("%-20s %-11s %8s %6s %9s  %s".formatted("", "state", "pid", "port", "up", ""));
    state.processes().forEach(p -> screen.line(row(p, Instant.now())));
    screen.line("");
    screen.lines(Addresses.of(place, state));
    screen.line("  logs       " + place.logs());
    var allReady = state.processes().stream().allMatch(p -> p.state() == ProcessState.READY);
    return allReady && state.phase() == StackState.Phase.READY ? 0 : 1;
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
