package io.agentopia.toolbox.local;

import io.agentopia.toolbox.embedded.LeftBehindServer;
import io.agentopia.toolbox.embedded.process.Ending;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Processes of a stack whose supervisor is gone (it was killed, or the terminal with it). They are
 * known by what stands on their command lines, so a lost or damaged state file does not matter.
 */
public final class Leftovers {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private final Path dir;

  public Leftovers(Path dir) {
    this.dir = dir;
  }

  /** The argument that marks each Java process of the stack in that directory. */
  static String mark(Path dir) {
    return "-Dtoolbox.stack=" + dir;
  }

  /** Whether a process is one of them. */
  public boolean has(long pid) {
    return ProcessHandle.of(pid)
        .filter(p -> !Ending.isGone(p))
        .filter(p -> belongs(p.info().commandLine().orElse("")))
        .isPresent();
  }

  /** Ends them all and says how many there were. */
  public int end() throws IOException {
    var found = find();
    Ending.end(found, GRACE);
    LeftBehindServer.stop(dir.resolve(Components.POSTGRES).resolve("data"));
    return found.size();
  }

  /** Kills them all, and whatever the first of them started meanwhile; nothing is kept. */
  void kill() throws IOException {
    for (var found = find(); !found.isEmpty(); found = find()) {
      found.forEach(ProcessHandle::destroyForcibly);
      if (!Ending.ended(found, GRACE)) {
        throw new IOException("processes of a stack on " + dir + " do not end");
      }
    }
    LeftBehindServer.stop(dir.resolve(Components.POSTGRES).resolve("data"));
  }

  /** The stack's own processes, and the agents of its simulated droplets. */
  private List<ProcessHandle> find() {
    var own = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(p -> p.pid() != own && belongs(p.info().commandLine().orElse("")))
        .toList();
  }

  private boolean belongs(String commandLine) {
    var ofAJvm =
        commandLine.contains("java")
            && ((commandLine + " ").contains(" " + mark(dir) + " ")
                || commandLine.contains(dir.resolve("simulator") + "/"));
    return ofAJvm || commandLine.contains(" serve " + dir.resolve("registry-"));
  }
}
