package io.agentopia.toolbox.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/running.md names each setting of each service with its default, and no other. */
class SettingsTableTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> PROPERTIES =
      List.of(
          "shared-runtime/src/main/resources/META-INF/microprofile-config.properties",
          "api-gateway/src/main/resources/application.properties",
          "provisioner-service/src/main/resources/application.properties",
          "deployer-service/src/main/resources/application.properties",
          "health-service/src/main/resources/application.properties");

  private static final String DEPLOYER =
      "deployer-service/src/main/java/io/agentopia/toolbox/deployer/config/DeployerConfig.java";

  private static final Pattern OURS =
      Pattern.compile("(?m)^((?:toolbox|gateway|provisioner|deployer|health)\\.[a-z.-]+)=(.*)$");

  private static final Pattern MEMBER =
      Pattern.compile("(?s)@WithDefault\\(\"(\\w+)\"\\)(?:(?!;).)*?Duration (\\w+)\\(\\)");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| `([^`]+)` \\|");

  @Test
  void thePageSaysWhatTheSettingsAre() throws IOException {
    var told = new TreeMap<String, String>();
    ROW.matcher(Files.readString(ROOT.resolve("docs/running.md")))
        .results()
        .forEach(row -> told.put(row.group(1), row.group(2)));
    assertThat(told).isEqualTo(settings());
  }

  /** Without retentions, which have a page of their own; so do the names of instances. */
  private static Map<String, String> settings() throws IOException {
    var found = new TreeMap<String, String>();
    for (var file : PROPERTIES) {
      OURS.matcher(Files.readString(ROOT.resolve(file)))
          .results()
          .forEach(p -> found.put(p.group(1), p.group(2)));
    }
    MEMBER
        .matcher(Files.readString(ROOT.resolve(DEPLOYER)))
        .results()
        .forEach(m -> found.put("deployer." + dashed(m.group(2)), m.group(1)));
    found.keySet().removeIf(key -> key.endsWith("-retention") || key.endsWith(".keep"));
    found.remove("toolbox.instance");
    return found;
  }

  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
