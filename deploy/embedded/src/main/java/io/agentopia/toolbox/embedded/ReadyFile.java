package io.agentopia.toolbox.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * By this file a server's process tells that it is ready: it holds the process's own id, which
 * tells it from a predecessor that still listens on the same port.
 */
public record ReadyFile(Path path) {
  /** Of the process whose data are in that directory. */
  static ReadyFile in(Path dir) {
    return new ReadyFile(dir.resolve("ready"));
  }

  /** This process says that it is ready. */
  void announce() {
    var pid = Long.toString(ProcessHandle.current().pid());
    try {
      var written = Files.writeString(path.resolveSibling(path.getFileName() + ".new"), pid);
      Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IllegalStateException("writing " + path + " failed", e);
    }
  }

  /** Whether that process has said so. */
  public boolean isOf(long pid) throws IOException {
    return Files.exists(path) && Files.readString(path).strip().equals(Long.toString(pid));
  }
}
