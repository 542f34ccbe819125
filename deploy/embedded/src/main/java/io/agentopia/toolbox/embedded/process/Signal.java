package io.agentopia.toolbox.embedded.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Signals that Java itself cannot send. */
public enum Signal {
  INT,
  TERM,
  QUIT,
  KILL,
  STOP,
  CONT;

  /** Sends it; false when there is no such process (any more). */
  public boolean send(long pid) {
    try {
      var kill =
          new ProcessBuilder("kill", "-" + name(), Long.toString(pid))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return kill.waitFor(5, TimeUnit.SECONDS) && kill.exitValue() == 0;
    } catch (IOException e) {
      throw new IllegalStateException("sending SIG%s to process %d failed".formatted(this, pid), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
