package io.agentopia.toolbox.local.launcher;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** What the person sees: plain lines, with a little colour and a passing line on a terminal. */
final class Screen {
  private static final String ERASE_LINE = "\r\u001b[2K";
  private final PrintWriter out;
  private final boolean terminal;
  private boolean passing;
  private Thread reservedFor;

  Screen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  static Screen ofThisProcess() {
    Console console = System.console();
    return new Screen(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        console != null && console.isTerminal());
  }

  PrintWriter writer() {
    return out;
  }

  /** From now on only the calling thread is heard. */
  synchronized void reserve() {
    reservedFor = Thread.currentThread();
  }

  synchronized void line(String text) {
    if (isMuted()) {
      return;
    }
    if (passing) {
      out.print(ERASE_LINE);
      passing = false;
    }
    out.println(text);
    out.flush();
  }

  void lines(String text) {
    text.lines().forEach(this::line);
  }

  /** Shown until the next line; on a terminal only. */
  synchronized void passing(String text) {
    if (terminal && !isMuted()) {
      out.print(ERASE_LINE + text);
      out.flush();
      passing = true;
    }
  }

  void failure(String text) {
    line(red("toolbox: " + text));
  }

  String green(String text) {
    return coloured("32", text);
  }

  String red(String text) {
    return coloured("31", text);
  }

  String bold(String text) {
    return coloured("1", text);
  }

  private boolean isMuted() {
    return reservedFor != null && reservedFor != Thread.currentThread();
  }

  private String coloured(String code, String text) {
    return terminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
