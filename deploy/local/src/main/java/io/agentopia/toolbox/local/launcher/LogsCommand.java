package io.agentopia.toolbox.local.launcher;

import io.agentopia.toolbox.local.process.ProcessLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Shows the end of the logs.")
final class LogsCommand extends LocalCommand {
  private static final int LOOK_EVERY_MILLIS = 200;
  private static final String SUFFIX = ".log";

  @Parameters(paramLabel = "NAME", arity = "0..1", description = "A process; default: all.")
  private String name;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on showing what is added, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "How many lines of each (default: 50 of one, 10 of all).")
  private Integer lines;

  @Override
  public Integer call() throws IOException, InterruptedException {
    var files = files();
    for (var file : files) {
      var prefix = prefix(file, files);
      ProcessLog.tail(file, lines()).forEach(line -> screen.line(prefix + line));
    }
    if (follow) {
      follow(files);
    }
    return 0;
  }

  private void follow(List<Path> files) throws IOException, InterruptedException {
    var followed = new ArrayList<FollowedLog>();
    for (var file : files) {
      followed.add(new FollowedLog(file));
    }
    while (true) {
      for (var log : followed) {
        var prefix = prefix(log.file(), files);
        log.added().forEach(line -> screen.line(prefix + line));
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(place.logs())) {
      throw new IllegalStateException(
          "there are no logs in " + place.logs() + " yet; ./toolbox up makes them");
    }
    try (var all = Files.list(place.logs())) {
      var logs = all.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
      return name == null ? logs : logs.stream().filter(f -> label(f).equals(found(logs))).toList();
    }
  }

  private String found(List<Path> logs) {
    return Names.find(name, logs.stream().map(LogsCommand::label).toList());
  }

  private int lines() {
    if (lines != null) {
      return lines;
    }
    return name == null ? 10 : 50;
  }

  private static String prefix(Path file, List<Path> files) {
    return files.size() == 1 ? "" : "%-20s| ".formatted(label(file));
  }

  private static String label(Path file) {
    var fileName = file.getFileName().toString();
    return fileName.substring(0, fileName.length() - SUFFIX.length());
  }
}
