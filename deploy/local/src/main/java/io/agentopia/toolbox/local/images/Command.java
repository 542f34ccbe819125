package io.agentopia.toolbox.local.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A program run to its end, with what it said. */
public record Command(int code, String output) {
  private static final int TAIL = 15;

  static Command run(Path directory, Map<String, String> environment, List<String> line) {
    var builder = new ProcessBuilder(line).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Command(process.waitFor(), output);
    } catch (IOException e) {
      return new Command(127, "running " + line.getFirst() + " failed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + line.getFirst(), e);
    }
  }

  public boolean ok() {
    return code == 0;
  }

  /** The last lines, for a sentence about a failure. */
  public String tail() {
    var lines = output.strip().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  public Command orFail(String attempted) {
    if (!ok()) {
      throw new IllegalStateException(
          "%s failed (exit code %d):%n%s".formatted(attempted, code, tail()));
    }
    return this;
  }
}
