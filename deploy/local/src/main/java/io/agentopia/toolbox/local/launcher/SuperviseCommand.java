package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.droplets.Droplets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The background half of {@code up --detach}: runs the stack until it is told to end. */
@Command(name = "supervise", hidden = true)
final class SuperviseCommand extends LocalCommand {
  @Option(names = "--droplets", required = true)
  private Droplets droplets;

  @Override
  public Integer call() throws InterruptedException {
    place = place.withDroplets(droplets);
    var stack = LocalStack.launch(place.options().listeningWith(new Progress(screen)::show));
    stack.awaitReady();
    Thread.currentThread().join();
    return 0;
  }
}
