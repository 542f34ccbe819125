package io.agentopia.toolbox.local.launcher;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A log that is read as it grows. */
final class FollowedLog {
  private final Path file;
  private long position;

  FollowedLog(Path file) throws IOException {
    this.file = file;
    this.position = Files.size(file);
  }

  Path file() {
    return file;
  }

  /** The complete lines that were added since the last call. */
  List<String> added() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (var reader = new RandomAccessFile(file.toFile(), "r")) {
      // Shorter than it was: a new run began a new file.
      position = reader.length() < position ? 0 : position;
      var bytes = new byte[(int) (reader.length() - position)];
      reader.seek(position);
      reader.readFully(bytes);
      var complete = lastLineEnd(bytes);
      position += complete;
      return new String(bytes, 0, complete, StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static int lastLineEnd(byte[] bytes) {
    for (int i = bytes.length; i > 0; i--) {
      if (bytes[i - 1] == '\n') {
        return i;
      }
    }
    return 0;
  }
}
