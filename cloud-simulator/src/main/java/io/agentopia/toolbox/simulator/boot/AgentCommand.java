package io.agentopia.toolbox.simulator.boot;

import io.agentopia.toolbox.simulator.SimulatorConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** How an agent's process is started, and told from others. Secrets go by environment only. */
public final class AgentCommand implements AgentPrograms {
  /** Beside the agent's jar: the flags it has on every droplet. */
  private static final String OPTIONS = "jvm.options";

  private static final String PLACEHOLDER = "{dropletDir}";
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR");

  private final SimulatorConfig.Agent config;

  public AgentCommand(SimulatorConfig.Agent config) {
    this.config = config;
  }

  @Override
  public String missing(Path dropletDir) {
    if (config.command().isPresent()) {
      return null;
    }
    if (config.jar().isEmpty()) {
      return "neither simulator.agent.jar nor simulator.agent.command is set";
    }
    var jar = config.jar().get().toFile();
    return jar.isFile() ? null : "simulator.agent.jar names no file: " + jar.getAbsolutePath();
  }

  List<String> line(Path dropletDir) {
    if (config.command().isPresent()) {
      return config.command().get().stream()
          .map(a -> a.replace(PLACEHOLDER, dropletDir.toString()))
          .toList();
    }
    var own = Path.of(System.getProperty("java.home"), "bin", "java");
    var jar = config.jar().orElseThrow().toAbsolutePath();
    var options = jar.resolveSibling(OPTIONS);
    var line = new ArrayList<String>();
    line.add(config.java().orElse(own).toString());
    if (Files.isRegularFile(options)) {
      line.add("@" + options);
    }
    // Names the droplet in the process list, so that a lost process can be found again.
    line.add("-Dsimulator.droplet=" + dropletDir);
    line.add("-jar");
    line.add(jar.toString());
    return line;
  }

  @Override
  public RunningAgent start(long dropletId, Path dropletDir, Map<String, String> environment)
      throws IOException {
    var builder = new ProcessBuilder(line(dropletDir));
    var variables = builder.environment();
    // The simulator's own environment holds its token.
    variables.keySet().retainAll(INHERITED);
    // What the JVM's flags cannot say: one malloc arena, as in the agent's image.
    variables.put("MALLOC_ARENA_MAX", "1");
    variables.putAll(environment);
    var log = dropletDir.resolve("agent.log").toFile();
    return new AgentProcess(
        builder
            .directory(dropletDir.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(nothing()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start());
  }

  private static File nothing() {
    return new File("/dev/null");
  }

  /** Processes that carry the droplet's directory in their command line. */
  static List<ProcessHandle> processesOf(Path dropletDir) {
    var id = Long.parseLong(dropletDir.getFileName().toString());
    return processesUnder(dropletDir.getParent()).getOrDefault(id, List.of());
  }

  /** The same for all droplets at once, by their number. */
  static Map<Long, List<ProcessHandle>> processesUnder(Path dropletsDir) {
    var named = Pattern.compile(Pattern.quote(dropletsDir + File.separator) + "(\\d+)(?![\\w.-])");
    var found = new HashMap<Long, List<ProcessHandle>>();
    ProcessHandle.allProcesses()
        .filter(p -> p.pid() != ProcessHandle.current().pid())
        .forEach(
            p -> {
              var match = named.matcher(p.info().commandLine().orElse(""));
              if (match.find()) {
                found.computeIfAbsent(Long.valueOf(match.group(1)), i -> new ArrayList<>()).add(p);
              }
            });
    return found;
  }
}
