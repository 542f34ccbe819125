package io.agentopia.toolbox.gateway.web;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Splits a line into arguments as a shell would: at blanks, but not inside quotes. */
final class CommandLine {
  private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private CommandLine() {}

  static List<String> split(String line) {
    var arguments = new ArrayList<String>();
    var matcher = ARGUMENT.matcher(line == null ? "" : line);
    while (matcher.find()) {
      arguments.add(
          matcher.group(1) != null
              ? matcher.group(1)
              : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
    }
    return arguments;
  }
}
