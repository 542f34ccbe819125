package io.agentopia.toolbox.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.events.UnreadableEventException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** A code as it stands in a source: a text, or the constant that is one. */
  private static final String CODE = "(\"[a-z_]+\"|(?:\\w+\\.)*[A-Z][A-Z_]+)";

  /** How a code is written where it comes into being; the one group is the code. */
  private static final List<Pattern> WAYS =
      List.of(
          Pattern.compile("Problem\\.of\\(\\s*\\d+,\\s*" + CODE),
          Pattern.compile("urn:toolbox:problem:([a-z_]+)"),
          Pattern.compile("tooLarge\\(\\s*\\d+,\\s*" + CODE),
          Pattern.compile("(?:refusal|refused|taken|gaveUp|delayed)\\(\\s*" + CODE),
          Pattern.compile("later\\(\\s*e,\\s*" + CODE),
          Pattern.compile("new (?:\\w+\\.)*(?:Trouble|FailureReason)\\(\\s*" + CODE),
          Pattern.compile("Created\\.Refused\\(\\s*" + CODE),
          Pattern.compile("new (?:\\w+\\.)*(?:Permanent|Transient|Bug)(?:Failure)?\\(\\s*" + CODE),
          Pattern.compile("Finding\\.bad\\(\\s*name,\\s*" + CODE),
          Pattern.compile("new Usage\\([^,]+,[^,]+,\\s*" + CODE),
          Pattern.compile("(?:gaveUp|delayed)\\([^\"]{0,400}\"([a-z]+(?:_[a-z]+)+)\""));

  private static final Pattern CONSTANT =
      Pattern.compile("static final String ([A-Z_]+) =\\s+\"([a-z_]+)\"");
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
    var texts = texts();
    var constants = constants(texts.values());
    for (var source : texts.entrySet()) {
      var file = source.getKey();
      var text = source.getValue();
      for (var way : WAYS) {
        way.matcher(text)
            .results()
            .flatMap(r -> values(r.group(1), constants))
            .filter(c -> !c.endsWith("_"))
            .forEach(codes::add);
      }
      if (file.endsWith("deployer/tool/FailureReason.java")) {
        CONSTANT.matcher(text).results().forEach(r -> codes.add(r.group(2)));
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

  /** What a code in a source says: itself, or every value that a constant of that name has. */
  private static Stream<String> values(String code, Map<String, Set<String>> constants) {
    var literal = code.replace("\"", "");
    if (Character.isLowerCase(literal.charAt(0))) {
      return Stream.of(literal);
    }
    return constants.getOrDefault(code.substring(code.lastIndexOf('.') + 1), Set.of()).stream();
  }

  private static Map<String, Set<String>> constants(Collection<String> texts) {
    var all = new TreeMap<String, Set<String>>();
    for (var text : texts) {
      CONSTANT
          .matcher(text)
          .results()
          .forEach(r -> all.computeIfAbsent(r.group(1), n -> new TreeSet<>()).add(r.group(2)));
    }
    return all;
  }

  private static Map<Path, String> texts() throws IOException {
    var all = new TreeMap<Path, String>();
    for (var file : sources()) {
      all.put(file, Files.readString(file));
    }
    return all;
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
