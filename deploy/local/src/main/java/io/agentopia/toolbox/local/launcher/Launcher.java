package io.agentopia.toolbox.local.launcher;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands behind {@code ./toolbox}. Exit codes: 0 done, 1 failed, 2 wrong arguments. */
@Command(
    name = "toolbox",
    description = "Runs the whole platform on this machine.",
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      DownCommand.class,
      StatusCommand.class,
      LogsCommand.class,
      RestartCommand.class,
      RebuildTopicCommand.class,
      ImageCommand.class,
      KeysCommand.class,
      SuperviseCommand.class,
      ArchiveClassesCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Launcher implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    var home = Path.of(System.getProperty("toolbox.home", "."));
    System.exit(commandLine(Place.of(home), Screen.ofThisProcess()).execute(args));
  }

  static CommandLine commandLine(Place place, Screen screen) {
    var commands = new CommandLine(new Launcher());
    commands
        .getSubcommands()
        .values()
        .forEach(
            sub -> {
              if (sub.getCommand() instanceof LocalCommand local) {
                local.at(place, screen);
              }
            });
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setOut(screen.writer());
    commands.setErr(screen.writer());
    commands.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          screen.failure(failure.getMessage() == null ? failure.toString() : failure.getMessage());
          return 1;
        });
    return commands;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Say what to do: up, demo, status, logs, restart, image, down or help.");
  }
}
