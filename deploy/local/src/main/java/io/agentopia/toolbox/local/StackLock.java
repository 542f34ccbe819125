package io.agentopia.toolbox.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One stack in a directory at a time. The operating system gives the lock back when its holder
 * dies, however it dies.
 */
final class StackLock implements AutoCloseable {
  private final FileChannel channel;

  private StackLock(FileChannel channel) {
    this.channel = channel;
  }

  static StackLock take(Path dir) {
    try {
      Files.createDirectories(dir);
      var channel =
          FileChannel.open(
              dir.resolve("stack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new IllegalStateException(
            "a stack already runs on %s; ./toolbox status shows it, ./toolbox down stops it"
                .formatted(dir));
      }
      return new StackLock(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("locking " + dir + " failed", e);
    }
  }

  boolean isHeld() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("giving the lock back failed", e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
