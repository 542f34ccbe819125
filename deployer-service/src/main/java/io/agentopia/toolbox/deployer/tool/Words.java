package io.agentopia.toolbox.deployer.tool;

import java.time.Duration;

/** Durations as people say them. */
final class Words {
  private Words() {}

  static String of(Duration duration) {
    var seconds = duration.toSeconds();
    return seconds >= 60 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
  }
}
