package io.agentopia.toolbox.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.UnreadableEventException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/troubleshooting.md has a line for each code that somebody can be shown, and no other. */
class TroubleshootingTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The services, and the agent whose codes tools and audits show. */
  private static final List<String> MODULES =
      List.of(
          "api-gateway",
          "provisioner-service",
          "deployer-service",
          "health-service",
          "shared-runtime",
          "dtma-agent");

  /** How a code is written where it comes into being; the one group is the code. */
  private static final List<Pattern> WAYS =
      List.of(
          Pattern.compile("Problem\\.of\\(\\s*\\d+,\\s*\"([a-z_]+)\""),
          Pattern.compile("urn:toolbox:problem:([a-z_]+)"),
          Pattern.compile("tooLarge\\(\\s*\\d+,\\s*\"([a-z_]+)\""),
          Pattern.compile("(?:refusal|refused|taken|gaveUp|delayed)\\(\\s*\"([a-z_]+)\""),
          Pattern.compile("later\\(\\s*e,\\s*\"([a-z_]+)\""),
          Pattern.compile("new (?:\\w+\\.)*Trouble\\(\\s*\"([a-z_]+)\""),
          Pattern.compile("Created\\.Refused\\(\\s*\"([a-z_]+)\""),
          Pattern.compile(
              "new (?:\\w+\\.)*(?:Permanent|Transient|Bug)(?:Failure)?\\(\\s*\"([a-z_]+)\""),
          Pattern.compile("Finding\\.bad\\(\\s*name,\\s*\"([a-z_]+)\""),
          Pattern.compile("(?:gaveUp|delayed)\\([^\"]{0,400}\"([a-z]+(?:_[a-z]+)+)\""));

  private static final Pattern CONSTANT =
      Pattern.compile("public static final String [A-Z_]+ = \"([a-z_]+)\"");
  private static final Pattern OF_THE_AGENT = Pattern.compile("(?m)^  ([A-Z_]+)[,;]$");
  private static final Pattern NAMED = Pattern.compile("`([a-z]+(?:_[a-z]+)*)`");

  @Test
  void eachCodeHasItsLine() throws IOException {
    var told = told();
    var made = made();
    assertThat(made).as("found in the sources").hasSizeGreaterThan(60);
    assertThat(told).containsAll(made);
    told.removeAll(made);
    assertThat(told).as("in the page, but made by nobody").containsExactly("droplet_lost");
  }

  private static Set<String> told() throws IOException {
    return Files.readAllLines(ROOT.resolve("docs/troubleshooting.md")).stream()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split(" \\| ", 2)[0])
        .flatMap(first -> NAMED.matcher(first).results().map(r -> r.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> made() throws IOException {
    var codes = new TreeSet<String>();
    for (var reason : UnreadableEventException.Reason.values()) {
      codes.add("unreadable_" + reason.name().toLowerCase(Locale.ROOT));
    }
    for (var file : sources()) {
      var text = Files.readString(file);
      for (var way : WAYS) {
        way.matcher(text)
            .results()
            .map(r -> r.group(1))
            .filter(c -> !c.endsWith("_"))
            .forEach(codes::add);
      }
      if (file.endsWith("deployer/tool/Trouble.java")) {
        CONSTANT.matcher(text).results().forEach(r -> codes.add(r.group(1)));
      }
      if (file.endsWith("reconcile/ErrorCode.java")) {
        OF_THE_AGENT
            .matcher(text)
            .results()
            .forEach(r -> codes.add(r.group(1).toLowerCase(Locale.ROOT)));
      }
    }
    return codes;
  }

  private static List<Path> sources() throws IOException {
    var all = new ArrayList<Path>();
    for (var module : MODULES) {
      try (var files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        files.filter(f -> f.toString().endsWith(".java")).forEach(all::add);
      }
    }
    return all;
  }
}
