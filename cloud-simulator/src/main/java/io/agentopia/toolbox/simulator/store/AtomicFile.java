package io.agentopia.toolbox.simulator.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Replaces a file whole: after a crash there is the old content or the new, never a part. */
public final class AtomicFile {
  private AtomicFile() {}

  public static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      var temporary = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(temporary);
      try (var channel = open(temporary)) {
        var buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(false);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "writing " + file + " failed; check that the data directory is writable and has room", e);
    }
  }

  /** User-data carries a join token: nobody else on the machine reads along. */
  private static FileChannel open(Path file) throws IOException {
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return FileChannel.open(file, options);
    }
    var owner = PosixFilePermissions.fromString("rw-------");
    return FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(owner));
  }
}
