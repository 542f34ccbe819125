package io.agentopia.toolbox.local.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The file that a process's output goes to. Restarts go on in the same file. Former ones stand
 * beside it, the newest as {@code .1}: begun anew with each start of the stack and at a size, and
 * kept in a number and for a time.
 */
public record ProcessLog(Path file) {
  private static final int TAIL_BYTES = 64 * 1024;

  /** So many former ones are kept. */
  static final int KEPT = 9;

  /** A log of this size is begun anew. */
  static final long MOST_BYTES = 16L * 1024 * 1024;

  /** A former one that was last written longer ago is deleted. */
  static final Duration OLDEST = Duration.ofDays(14);

  /** Begins a new file; those before are kept beside it. */
  public static ProcessLog rotated(Path dir, String name) {
    var log = new ProcessLog(dir.resolve(name + ".log"));
    try {
      Files.createDirectories(dir);
      if (Files.exists(log.file)) {
        log.makeRoom();
        Files.move(log.file, log.former(1));
      }
      Files.createFile(log.file);
      log.forget(Instant.now());
      return log;
    } catch (IOException e) {
      throw new UncheckedIOException("starting the log " + log.file + " failed", e);
    }
  }

  /**
   * Begins it anew if it has grown too large. The process goes on writing to the same file, at its
   * new end: what it writes between the copy and the cut is lost.
   */
  void cutIfLarge() throws IOException {
    if (Files.size(file) < MOST_BYTES) {
      return;
    }
    makeRoom();
    try (var from = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var to = FileChannel.open(former(1), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long copied = 0; copied < from.size(); ) {
        copied += from.transferTo(copied, from.size() - copied, to);
      }
      from.truncate(0);
    }
  }

  /** Deletes former ones that are too old. */
  void forget(Instant now) throws IOException {
    for (var number = 1; number <= KEPT; number++) {
      var former = former(number);
      if (Files.exists(former)
          && Files.getLastModifiedTime(former).toInstant().isBefore(now.minus(OLDEST))) {
        Files.delete(former);
      }
    }
  }

  private void makeRoom() throws IOException {
    Files.deleteIfExists(former(KEPT));
    for (var number = KEPT - 1; number >= 1; number--) {
      if (Files.exists(former(number))) {
        Files.move(former(number), former(number + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private Path former(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  ProcessBuilder capture(ProcessBuilder builder) {
    return builder.redirectErrorStream(true).redirectOutput(Redirect.appendTo(file.toFile()));
  }

  /** A line of the supervisor's own among the program's. */
  void note(String text) {
    var line = Instant.now().truncatedTo(ChronoUnit.MILLIS) + " SUPERVISOR " + text + "\n";
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to the log " + file + " failed", e);
    }
  }

  /** Its last lines, at most that many; none when there is no such file. */
  public static List<String> tail(Path file, int lines) {
    try (var reader = new RandomAccessFile(file.toFile(), "r")) {
      var from = Math.max(0, reader.length() - TAIL_BYTES);
      reader.seek(from);
      var bytes = new byte[(int) (reader.length() - from)];
      reader.readFully(bytes);
      var all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
