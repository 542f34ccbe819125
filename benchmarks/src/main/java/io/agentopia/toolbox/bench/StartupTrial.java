package io.agentopia.toolbox.bench;

import io.agentopia.toolbox.bench.measure.Figures;
import io.agentopia.toolbox.bench.subject.Command;
import io.agentopia.toolbox.bench.subject.Stage;
import io.agentopia.toolbox.bench.subject.Stage.Settings;
import io.agentopia.toolbox.bench.subject.Subject;
import io.agentopia.toolbox.embedded.Directories;
import io.agentopia.toolbox.local.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How long people wait: for the first demonstration in a fresh clone (the Maven repository is
 * filled already), for a stack that was built to be up, and for a service that was killed.
 */
record StartupTrial(boolean demo, boolean kills) implements Trial {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<String> KILLED = Service.modules();

  @Override
  public Figures run(Subject subject, Path work) {
    var figures = new Figures();
    if (demo) {
      demo(subject, work, figures);
    }
    if (kills) {
      kills(subject, work, figures);
    }
    return figures;
  }

  private static void demo(Subject subject, Path work, Figures figures) {
    var clone = work.resolve("clone-" + subject.label());
    Command.run(work, "git", "clone", "-q", subject.checkout().toString(), clone.toString());
    try {
      figures.put("first demo, s", timed(clone, work, "demo"));
      Command.run(clone, "./toolbox", "down");
      figures.put("up, s", timed(clone, work, "up", "--detach"));
    } finally {
      Command.run(clone, "./toolbox", "down");
      Directories.discard(clone);
    }
  }

  private static double timed(Path clone, Path work, String... command) {
    var line = new String[command.length + 1];
    line[0] = "./toolbox";
    System.arraycopy(command, 0, line, 1, command.length);
    var began = System.nanoTime();
    Command.runLoggedApart(
        clone, clone.resolve("target/repository"), work.resolve("startup.log"), line);
    return (System.nanoTime() - began) / 1e9;
  }

  private static void kills(Subject subject, Path work, Figures figures) {
    try (var stage = Stage.start(subject, work, Settings.USUAL)) {
      for (var name : KILLED) {
        var process = stage.stack().process(name);
        var began = System.nanoTime();
        process.kill();
        process.awaitReady(PATIENCE);
        figures.put("kill to ready, s: " + name, (System.nanoTime() - began) / 1e9);
      }
    }
  }
}
