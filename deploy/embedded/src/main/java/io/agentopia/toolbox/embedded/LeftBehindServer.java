package io.agentopia.toolbox.embedded;

import io.agentopia.toolbox.embedded.process.Ending;
import io.agentopia.toolbox.embedded.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The PostgreSQL server that runs on a data directory, whoever started it: it is no child of its
 * starter and survives it.
 */
public final class LeftBehindServer {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PID_FILE = "postmaster.pid";

  /** Line of the file with the key and the id of the server's shared memory, counted from 0. */
  private static final int SHARED_MEMORY_LINE = 6;

  private static final Path SHARED_MEMORY = Path.of("/proc/sysvipc/shm");

  /** Column of the listing that counts the processes attached. */
  private static final int ATTACHED = 6;

  private LeftBehindServer() {}

  static OptionalLong pid(Path data) {
    return running(data).map(p -> OptionalLong.of(p.pid())).orElse(OptionalLong.empty());
  }

  /** Stops it if there is one: connections are cut, transactions under way rolled back. */
  public static void stop(Path data) throws IOException {
    var server = running(data);
    if (server.isEmpty()) {
      clearAway(data);
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

  /**
   * What a killed server leaves: its process id on file, which a new server believes as long as
   * that process is listed (a zombie is, until process 1 has seen to it), and for a moment its
   * helpers, which end by themselves when they miss it.
   */
  private static void clearAway(Path data) throws IOException {
    var until = Instant.now().plus(PATIENCE);
    while (sharedMemoryIsUsed(data)
        && Instant.now().isBefore(until)
        && !Thread.currentThread().isInterrupted()) {
      pause();
    }
    if (!sharedMemoryIsUsed(data)) {
      Files.deleteIfExists(data.resolve(PID_FILE));
    }
  }

  /** As far as this system tells: without System V listings (macOS) the server itself looks. */
  private static boolean sharedMemoryIsUsed(Path data) throws IOException {
    if (!Files.exists(data.resolve(PID_FILE)) || !Files.exists(SHARED_MEMORY)) {
      return false;
    }
    var lines = Files.readAllLines(data.resolve(PID_FILE));
    if (lines.size() <= SHARED_MEMORY_LINE) {
      return false;
    }
    var id = lines.get(SHARED_MEMORY_LINE).strip().split("\\s+");
    return Files.readAllLines(SHARED_MEMORY).stream()
        .map(line -> line.strip().split("\\s+"))
        .anyMatch(
            segment ->
                segment[0].equals(id[0])
                    && segment[1].equals(id[id.length - 1])
                    && !segment[ATTACHED].equals("0"));
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The process id on file counts only if that process is a server on this directory. */
  private static Optional<ProcessHandle> running(Path data) {
    try {
      var lines = Files.readAllLines(data.resolve(PID_FILE));
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
