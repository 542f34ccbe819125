package io.agentopia.toolbox.local.launcher;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Takes back what a command began when it is broken off (Ctrl-C, SIGTERM) before it came to its
 * end.
 */
final class OnInterrupt implements AutoCloseable {
  private final AtomicBoolean armed = new AtomicBoolean(true);

  OnInterrupt(Screen screen, Runnable action) {
    Runnable takeBack =
        () -> {
          if (armed.getAndSet(false)) {
            // What the command itself finds while things go down is no news.
            screen.reserve();
            action.run();
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(takeBack, "take-back"));
  }

  @Override
  public void close() {
    armed.set(false);
  }
}
