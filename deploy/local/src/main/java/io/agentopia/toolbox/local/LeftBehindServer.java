package io.agentopia.toolbox.local;

import io.agentopia.toolbox.local.process.Ending;
import io.agentopia.toolbox.local.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The PostgreSQL server that runs on a data directory, whoever started it: it is no child of its
 * starter and survives it.
 */
final class LeftBehindServer {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private LeftBehindServer() {}

  static OptionalLong pid(Path data) {
    return running(data).map(p -> OptionalLong.of(p.pid())).orElse(OptionalLong.empty());
  }

  /** Stops it if there is one: connections are cut, transactions under way rolled back. */
  static void stop(Path data) throws IOException {
    var server = running(data);
    if (server.isEmpty()) {
      return;
    }
    // SIGINT is PostgreSQL's "fast" shutdown; SIGTERM would wait for its clients.
    Signal.INT.send(server.get().pid());
    if (!Ending.ended(List.of(server.get()), PATIENCE)) {
      Signal.QUIT.send(server.get().pid());
      if (!Ending.ended(List.of(server.get()), PATIENCE)) {
        throw new IOException(
            "a PostgreSQL server (process %d) still runs on %s and does not stop; end it by hand"
                .formatted(server.get().pid(), data));
      }
    }
  }

  /** The process id on file counts only if that process is a server on this directory. */
  private static Optional<ProcessHandle> running(Path data) {
    try {
      var lines = Files.readAllLines(data.resolve("postmaster.pid"));
      return lines.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
              .filter(p -> !Ending.isGone(p))
              .filter(p -> p.info().commandLine().orElse("").contains("postgres"))
              .filter(p -> p.info().commandLine().orElse("").contains(data.toString()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
