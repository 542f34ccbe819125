package io.agentopia.toolbox.runtime.messaging;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Where a failure came from, in one line: enough to tell two defects apart, and no data in it. */
final class StackDigest {
  private static final String OURS = "io.agentopia.";
  private static final int MOST_FRAMES = 3;

  private StackDigest() {}

  /** For example {@code NullPointerException at Lifecycle.apply:88 < Toolboxes.apply:52}. */
  static String of(Throwable thrown) {
    var root = thrown;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    var frames =
        Arrays.stream(root.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith(OURS))
            .limit(MOST_FRAMES)
            .map(StackDigest::words)
            .collect(Collectors.joining(" < "));
    var name = root.getClass().getSimpleName();
    return frames.isEmpty() ? name : name + " at " + frames;
  }

  private static String words(StackTraceElement frame) {
    var type = frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1);
    return type + "." + frame.getMethodName() + ":" + frame.getLineNumber();
  }
}
