package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.embedded.process.Ending;
import io.agentopia.toolbox.local.StackState;
import io.agentopia.toolbox.local.process.ProcessState;
import io.agentopia.toolbox.local.process.ProcessView;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends the process; the supervisor starts again whatever ends. */
@Command(name = "restart", description = "Restarts one process and waits until it is ready.")
final class RestartCommand extends LocalCommand {
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @Parameters(paramLabel = "NAME", description = "A process, as ./toolbox status shows it.")
  private String name;

  @Override
  public Integer call() throws InterruptedException {
    var before = find(place.required());
    var begin = Instant.now();
    ProcessHandle.of(before.pid()).ifPresent(p -> Ending.end(p, GRACE));
    screen.passing("  restarting " + before.name() + " ...");
    while (begin.plus(PATIENCE).isAfter(Instant.now())) {
      var now = find(place.required());
      if (now.pid() != before.pid() && now.state() == ProcessState.READY) {
        screen.line(
            "%s is ready again after%s (process %d)."
                .formatted(
                    now.name(),
                    Progress.seconds(Duration.between(begin, Instant.now())),
                    now.pid()));
        return 0;
      }
      Thread.sleep(100);
    }
    screen.failure(
        "%s is not ready %d s after its restart; see %s/%s.log"
            .formatted(before.name(), PATIENCE.toSeconds(), place.logs(), before.name()));
    return 1;
  }

  private ProcessView find(StackState state) {
    var found = Names.find(name, state.processes().stream().map(ProcessView::name).toList());
    return state.processes().stream().filter(p -> p.name().equals(found)).findFirst().orElseThrow();
  }
}
