package io.agentopia.toolbox.local.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What the commands have in common. */
abstract class LocalCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this.")
  private boolean help;

  Place place;
  Screen screen;

  void at(Place place, Screen screen) {
    this.place = place;
    this.screen = screen;
  }
}
