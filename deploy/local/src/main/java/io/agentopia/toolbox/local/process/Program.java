package io.agentopia.toolbox.local.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to run.
 *
 * @param command the program and its arguments; no secrets here, everybody can read them
 * @param environment on top of this process's own
 * @param after the programs that must be ready before this one starts, and end only after it
 * @param port what it listens on, to be shown; 0: nothing
 * @param grace how long it may take to end when it is asked to, before it is killed
 */
public record Program(
    String name,
    List<String> command,
    Map<String, String> environment,
    Set<String> after,
    Readiness readiness,
    int port,
    Duration grace) {

  private static final Duration USUAL_GRACE = Duration.ofSeconds(15);

  public Program(
      String name,
      List<String> command,
      Map<String, String> environment,
      Set<String> after,
      Readiness readiness,
      int port) {
    this(name, command, environment, after, readiness, port, USUAL_GRACE);
  }

  public Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    after = Set.copyOf(after);
  }

  public Program withGrace(Duration longer) {
    return new Program(name, command, environment, after, readiness, port, longer);
  }

  /**
   * The command, deaf to Ctrl-C and to a closed terminal: those go to everything in the foreground
   * at once, but who started this ends it, in the right order.
   */
  public static List<String> detached(List<String> command) {
    var detached = new ArrayList<>(List.of("sh", "-c", "trap '' INT HUP; exec \"$0\" \"$@\""));
    detached.addAll(command);
    return detached;
  }
}
