package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.embedded.process.Ending;
import io.agentopia.toolbox.local.Leftovers;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;

@Command(name = "down", description = "Stops everything. Data stay, for the next up.")
final class DownCommand extends LocalCommand {
  private static final Duration GRACE = Duration.ofSeconds(60);

  @Override
  public Integer call() throws IOException {
    var running = place.running();
    if (running.isPresent()) {
      screen.line("Stopping ...");
      running.get().supervisor().ifPresent(s -> Ending.end(s, GRACE));
    }
    Archiving.end(place);
    var left = new Leftovers(place.dir()).end();
    if (running.isPresent() || left > 0) {
      screen.line("Stopped; nothing is left running. Data stay in " + place.dir());
    } else {
      screen.line("Nothing was running.");
    }
    return 0;
  }
}
