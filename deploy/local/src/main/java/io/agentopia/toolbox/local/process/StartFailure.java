package io.agentopia.toolbox.local.process;

import java.nio.file.Path;

/** A program did not get ready. */
public final class StartFailure extends RuntimeException {
  private static final int LINES = 15;

  StartFailure(String name, String what, Integer lastExit, Path log) {
    super(
        "%s %s%s. The end of %s:\n%s"
            .formatted(
                name,
                what,
                lastExit == null ? "" : " (last exit code " + lastExit + ")",
                log,
                ProcessLog.tail(log, LINES).stream()
                    .map(line -> "    " + line)
                    .reduce((a, b) -> a + "\n" + b)
                    .orElse("    (it is empty)")));
  }
}
