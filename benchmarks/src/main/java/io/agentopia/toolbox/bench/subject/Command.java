package io.agentopia.toolbox.bench.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Programs of this machine, run to their end; an exception says which one failed, and how. */
public final class Command {
  private Command() {}

  /** What it says, without the last line's end. */
  public static String output(Path directory, String... line) {
    try {
      var process = started(new ProcessBuilder(line).directory(directory.toFile()));
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      require(process, line, said);
      return said.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", line) + " could not be run", e);
    }
  }

  public static void run(Path directory, String... line) {
    output(directory, line);
  }

  /** What it says goes to a file. */
  public static void runLogged(Path directory, Path log, String... line) {
    runLogged(new ProcessBuilder(line).directory(directory.toFile()), log, line);
  }

  /** As {@link #runLogged}; what it builds and installs is found by nobody else. */
  public static void runLoggedApart(Path directory, Path repository, Path log, String... line) {
    var builder = new ProcessBuilder(line).directory(directory.toFile());
    var home = Path.of(System.getProperty("user.home"));
    builder
        .environment()
        .compute("MAVEN_ARGS", (name, usual) -> MavenArgs.apart(usual, home, repository));
    runLogged(builder, log, line);
  }

  private static void runLogged(ProcessBuilder builder, Path log, String... line) {
    try {
      require(started(builder.redirectOutput(log.toFile())), line, "see " + log);
    } catch (IOException e) {
      throw new UncheckedIOException(String.join(" ", line) + " could not be run", e);
    }
  }

  private static Process started(ProcessBuilder builder) throws IOException {
    var process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  private static void require(Process process, String[] line, String said) {
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "%s ended with %d: %s".formatted(List.of(line), process.exitValue(), said));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(List.of(line) + " was interrupted", e);
    }
  }
}
