package io.agentopia.toolbox.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The server's binaries, which the library unpacks once per machine for all who use it. Unpacking
 * that was cut short is not taken up again by the library: every later start would fail at the
 * first file that is there already.
 */
final class UnpackedServers {
  private static final String LOCK = "epg-lock";
  private static final String COMPLETE = ".exists";

  private UnpackedServers() {}

  static void discardHalfMade() throws IOException {
    var parent =
        System.getProperty(
            "ot.epg.working-dir", System.getProperty("java.io.tmpdir") + "/embedded-pg");
    discardHalfMade(Path.of(parent));
  }

  static void discardHalfMade(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    try (DirectoryStream<Path> servers = Files.newDirectoryStream(parent, "PG-*")) {
      for (var server : servers) {
        discardIfHalfMade(server);
      }
    }
  }

  /** Whoever unpacks at this moment holds the lock; then its work is left alone. */
  private static void discardIfHalfMade(Path server) throws IOException {
    if (Files.exists(server.resolve(COMPLETE)) || !Files.isDirectory(server)) {
      return;
    }
    try (var channel =
            FileChannel.open(
                server.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.tryLock()) {
      if (lock == null || Files.exists(server.resolve(COMPLETE))) {
        return;
      }
      try (DirectoryStream<Path> parts = Files.newDirectoryStream(server)) {
        for (var part : parts) {
          if (!part.getFileName().toString().equals(LOCK)) {
            Directories.delete(part);
          }
        }
      }
    }
  }
}
