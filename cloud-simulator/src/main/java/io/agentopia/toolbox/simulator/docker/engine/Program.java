package io.agentopia.toolbox.simulator.docker.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a container's command will do. Understood are {@code sleep}, {@code true}, {@code false} and
 * {@code sh -c} of those with {@code echo} and {@code exit}; everything else is a server that runs
 * until it is stopped.
 *
 * @param output in the order of time
 * @param length null: for ever
 * @param heedsSignals whether it ends when asked; a plain command that is process 1 does not
 */
record Program(List<Output> output, Duration length, int exitCode, boolean heedsSignals) {

  record Output(Duration at, boolean stderr, String line) {}

  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)([smhd]?)");
  private static final Pattern PARTS = Pattern.compile("\\s*(?:;|&&|\\n)\\s*");

  static Program of(List<String> command, String image) {
    var name = command.isEmpty() ? "" : command.getFirst().replaceFirst("^.*/", "");
    var isShell = name.equals("sh") || name.equals("bash") || name.equals("dash");
    if (isShell && command.size() >= 3 && command.get(1).matches("-e?c")) {
      return script(command.get(2)).orElseGet(() -> server(command, image));
    }
    return script(String.join(" ", command)).orElseGet(() -> server(command, image));
  }

  private static Program server(List<String> command, String image) {
    var line = "simulated: " + image + " runs " + String.join(" ", command);
    return new Program(List.of(new Output(Duration.ZERO, false, line.strip())), null, 0, true);
  }

  private static Optional<Program> script(String text) {
    var output = new ArrayList<Output>();
    var time = Duration.ZERO;
    var code = 0;
    for (var part : PARTS.split(text.strip())) {
      var words = part.strip().split("\\s+");
      var argument = words.length > 1 ? words[1] : "";
      switch (words[0].replaceFirst("^(/usr)?/bin/", "")) {
        case "true" -> code = 0;
        case "false" -> code = 1;
        case "exit" -> {
          return Optional.of(ends(output, time, argument.isEmpty() ? code : number(argument)));
        }
        case "exec" -> {
          return Optional.empty();
        }
        case "sleep" -> {
          var pause = pause(argument);
          if (pause.isEmpty()) {
            return argument.equals("infinity")
                ? Optional.of(new Program(List.copyOf(output), null, 0, false))
                : Optional.empty();
          }
          time = time.plus(pause.get());
          code = 0;
        }
        case "echo" -> {
          output.add(echo(part, time));
          code = 0;
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(ends(output, time, code));
  }

  private static Program ends(List<Output> output, Duration time, int code) {
    return new Program(List.copyOf(output), time, code, false);
  }

  private static Output echo(String part, Duration at) {
    var text = part.strip().substring("echo".length()).strip();
    var stderr = text.matches(".*(1?>&2|>\\s*/dev/stderr)\\s*$");
    var line = text.replaceFirst("\\s*(1?>&2|>\\s*/dev/stderr)\\s*$", "");
    return new Output(at, stderr, line.replaceAll("^([\"'])(.*)\\1$", "$2"));
  }

  private static int number(String text) {
    return text.matches("\\d{1,3}") ? Integer.parseInt(text) & 0xff : 2;
  }

  private static Optional<Duration> pause(String text) {
    var match = DURATION.matcher(text);
    if (!match.matches()) {
      return Optional.empty();
    }
    var unit =
        switch (match.group(2)) {
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          case "d" -> 86_400_000;
          default -> 1000;
        };
    return Optional.of(Duration.ofMillis((long) (Double.parseDouble(match.group(1)) * unit)));
  }
}
