package io.agentopia.toolbox.embedded;

import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What the broker, the database and their libraries say: warnings, one line each. */
final class Logging {
  private static final Logger ROOT = Logger.getLogger("");

  private Logging() {}

  static void configure() {
    System.setProperty(
        "java.util.logging.SimpleFormatter.format",
        "%1$tY-%1$tm-%1$tdT%1$tH:%1$tM:%1$tS.%1$tL%1$tz %4$-7s [%3$s] %5$s%6$s%n");
    ROOT.setLevel(Level.WARNING);
    for (var handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ROOT.addHandler(new ConsoleHandler());
  }
}
