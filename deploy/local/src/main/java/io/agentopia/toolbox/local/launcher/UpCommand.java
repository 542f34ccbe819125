package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.StackState;
import io.agentopia.toolbox.local.droplets.Droplets;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "up",
    description = "Starts everything, in the foreground; Ctrl-C stops everything.")
final class UpCommand extends LocalCommand {
  @Option(
      names = {"-d", "--detach"},
      description = "Return once everything is ready, and leave it running.")
  private boolean detach;

  @Option(
      names = "--new-ports",
      description =
          "Take other ports where those of the last time are taken. Agents made before do not find their way home.")
  private boolean newPorts;

  @Option(
      names = "--droplets",
      paramLabel = "KIND",
      description =
          "What a droplet is: process, or container (systemd, the real cloud-init and a Docker engine; default: as before, at first process).")
  private Droplets droplets;

  @Override
  public Integer call() throws InterruptedException {
    place = place.withDroplets(droplets);
    var running = place.running();
    if (running.isPresent()) {
      screen.line("Already running (since " + running.get().startedAt() + "):");
      screen.lines(Addresses.of(place, running.get()));
      return 0;
    }
    if (newPorts) {
      StackState.forgetPorts(place.options().stateFile());
    }
    return detach ? inBackground() : inForeground();
  }

  private int inBackground() {
    var supervisor = DetachedSupervisor.start(place);
    try (var _ = new OnInterrupt(screen, () -> supervisor.stop(screen))) {
      var state = supervisor.awaitReady(new Progress(screen));
      screen.lines(Addresses.of(place, state));
      screen.line("Runs in the background. ./toolbox status shows it, ./toolbox down stops it.");
    }
    Archiving.beginIfNeeded(place, screen);
    return 0;
  }

  private int inForeground() throws InterruptedException {
    var begin = Instant.now();
    screen.line("Starting. Data, logs and keys are in " + place.dir());
    var stack = LocalStack.launch(place.options().listeningWith(new Progress(screen)::show));
    try (stack;
        var _ = new OnInterrupt(screen, () -> stop(stack))) {
      stack.awaitReady();
      var time = Progress.seconds(Duration.between(begin, Instant.now()));
      screen.line(screen.bold("Ready after" + time + "."));
      screen.lines(Addresses.of(place, stack.state()));
      screen.line("Ctrl-C stops everything.");
      Archiving.beginIfNeeded(place, screen);
      Thread.currentThread().join();
    }
    return 0;
  }

  private void stop(LocalStack stack) {
    screen.line("Stopping ...");
    Archiving.end(place);
    stack.close();
    screen.line("Stopped; nothing is left running.");
  }
}
