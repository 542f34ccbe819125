package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.LocalStack;
import picocli.CommandLine.Command;

/** The background half of {@code up --detach}: runs the stack until it is told to end. */
@Command(name = "supervise", hidden = true)
final class SuperviseCommand extends LocalCommand {
  @Override
  public Integer call() throws InterruptedException {
    var stack = LocalStack.launch(place.options().listeningWith(new Progress(screen)::show));
    stack.awaitReady();
    Thread.currentThread().join();
    return 0;
  }
}
