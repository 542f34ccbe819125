package io.agentopia.toolbox.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** What java.nio.file leaves out. */
public final class Directories {
  private Directories() {}

  /** Deletes a directory and what is in it; it is no error if it does not exist. */
  public static void delete(Path dir) throws IOException {
    if (!Files.exists(dir)) {
      return;
    }
    try (var paths = Files.walk(dir)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** As {@link #delete}, where nothing is to be done about a failure but to say it. */
  public static void discard(Path dir) {
    try {
      delete(dir);
    } catch (IOException e) {
      throw new UncheckedIOException("deleting " + dir + " failed", e);
    }
  }
}
