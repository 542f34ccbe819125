package io.agentopia.toolbox.runtime.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/retention.md says what the settings say: each retention there is, with its default. */
class RetentionTableTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PROPERTY =
      Pattern.compile("(?m)^([a-z.-]+(?:-retention|\\.keep))=([0-9]+)([HMD])$");
  private static final Pattern MEMBER =
      Pattern.compile(
          "(?s)@WithDefault\\(\"([0-9]+)([HMD])\"\\)(?:(?!;).)*?Duration (\\w+Retention)\\(\\)");
  private static final Pattern PREFIX = Pattern.compile("prefix = \"([a-z.]+)\"");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| \\w+ \\| [^|]+ \\| ([0-9]+) (h|min)[^|]* \\| `([a-z.-]+)` \\|$");

  @Test
  void theTableIsTrue() throws IOException {
    var told = new TreeMap<String, Duration>();
    ROW.matcher(Files.readString(ROOT.resolve("docs/retention.md")))
        .results()
        .forEach(
            r -> told.put(r.group(3), duration(r.group(1), r.group(2).equals("h") ? "H" : "M")));
    assertThat(told).isEqualTo(settings()).hasSizeGreaterThan(8);
  }

  private static Map<String, Duration> settings() throws IOException {
    var found = new TreeMap<String, Duration>();
    for (var file : sources()) {
      var text = Files.readString(file);
      PROPERTY
          .matcher(text)
          .results()
          .forEach(p -> found.put(p.group(1), duration(p.group(2), p.group(3))));
      var prefix = PREFIX.matcher(text);
      if (prefix.find()) {
        MEMBER
            .matcher(text)
            .results()
            .forEach(
                m ->
                    found.put(
                        prefix.group(1) + "." + dashed(m.group(3)),
                        duration(m.group(1), m.group(2))));
      }
    }
    return found;
  }

  private static Iterable<Path> sources() throws IOException {
    var all = new ArrayList<Path>();
    try (var modules = Files.list(ROOT)) {
      for (var main : modules.map(m -> m.resolve("src/main")).filter(Files::isDirectory).toList()) {
        try (var files = Files.walk(main)) {
          files
              .filter(f -> f.toString().matches(".*(Config\\.java|\\.properties)"))
              .forEach(all::add);
        }
      }
    }
    return all;
  }

  private static Duration duration(String number, String unit) {
    var n = Long.parseLong(number);
    return switch (unit) {
      case "D" -> Duration.ofDays(n);
      case "H" -> Duration.ofHours(n);
      default -> Duration.ofMinutes(n);
    };
  }

  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
