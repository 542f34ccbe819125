package io.agentopia.toolbox.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedServersTest {
  @TempDir Path parent;
  private Path server;

  @BeforeEach
  void aServerCutShortWhileItWasUnpacked() throws IOException {
    server = Files.createDirectories(parent.resolve("PG-c0ffee"));
    Files.createDirectories(server.resolve("lib"));
    Files.writeString(server.resolve("lib/libpq.so"), "half of it");
    Files.createFile(server.resolve("epg-lock"));
  }

  @Test
  void aHalfMadeServerGoes() throws IOException {
    UnpackedServers.discardHalfMade(parent);
    assertThat(names(server)).containsExactly("epg-lock");
  }

  @Test
  void aCompleteServerStays() throws IOException {
    Files.createFile(server.resolve(".exists"));
    UnpackedServers.discardHalfMade(parent);
    assertThat(server.resolve("lib/libpq.so")).exists();
  }

  @Test
  void aServerBeingUnpackedByAnotherProcessStays() throws Exception {
    var locked = parent.resolve("locked");
    var holder = JavaProcess.start(LockHolder.class, server.resolve("epg-lock"), locked);
    try {
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(locked));
      UnpackedServers.discardHalfMade(parent);
      assertThat(server.resolve("lib/libpq.so")).exists();
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void nothingUnpackedYetIsNoError() throws IOException {
    UnpackedServers.discardHalfMade(parent.resolve("absent"));
    assertThat(parent.resolve("absent")).doesNotExist();
  }

  private static List<String> names(Path dir) throws IOException {
    try (var all = Files.list(dir)) {
      return all.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] args) throws Exception {
      try (var channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
          var lock = channel.lock()) {
        Files.createFile(Path.of(args[1]));
        Thread.currentThread().join();
      }
    }
  }
}
