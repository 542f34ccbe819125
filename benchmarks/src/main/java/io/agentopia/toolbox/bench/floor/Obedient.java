package io.agentopia.toolbox.bench.floor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A program of its own that is measured: it says {@code READY}, and answers each line it is told
 * with {@code DONE} and milliseconds.
 */
final class Obedient implements AutoCloseable {
  private final Process process;
  private final BufferedReader says;
  private final PrintStream told;
  private final String ready;

  Obedient(List<String> line, Path log) {
    try {
      process = new ProcessBuilder(line).redirectError(log.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + line.getFirst() + " failed", e);
    }
    says = process.inputReader(StandardCharsets.UTF_8);
    told = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    ready = next("READY");
  }

  long pid() {
    return process.pid();
  }

  /** What it said behind {@code READY}. */
  String ready() {
    return ready;
  }

  /** Returns the milliseconds it took. */
  double run(int count) {
    told.println(count);
    return Double.parseDouble(next("DONE"));
  }

  private String next(String word) {
    try {
      for (var line = says.readLine(); line != null; line = says.readLine()) {
        if (line.startsWith(word)) {
          return line.substring(word.length()).strip();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading what a program says failed", e);
    }
    throw new IllegalStateException("a program ended before it said " + word);
  }

  @Override
  public void close() {
    told.close();
    process.destroy();
    process.onExit().join();
  }
}
