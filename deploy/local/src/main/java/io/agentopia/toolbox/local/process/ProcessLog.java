package io.agentopia.toolbox.local.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The file that a process's output goes to. Restarts go on in the same file. */
public record ProcessLog(Path file) {
  private static final int TAIL_BYTES = 64 * 1024;

  /** Begins a new file; the one before is kept beside it as {@code .1}. */
  public static ProcessLog rotated(Path dir, String name) {
    var file = dir.resolve(name + ".log");
    try {
      Files.createDirectories(dir);
      if (Files.exists(file)) {
        var old = dir.resolve(name + ".log.1");
        Files.move(file, old, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.createFile(file);
      return new ProcessLog(file);
    } catch (IOException e) {
      throw new UncheckedIOException("starting the log " + file + " failed", e);
    }
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
