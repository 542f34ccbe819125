package io.agentopia.toolbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What cannot be derived from {@link Service}: scripts, poms and tables. */
class ServiceListTest {
  private static final Path ROOT = Path.of("../..");

  @Test
  void theScriptBuildsEveryProgram() throws IOException {
    assertThat(words("toolbox", "^SERVICES=\"(.*)\"$"))
        .containsExactlyInAnyOrderElementsOf(Service.programs());
  }

  @Test
  void everyProgramIsAModuleOfTheBuild() throws IOException {
    assertThat(found("pom.xml", "<module>([^<]*)</module>")).containsAll(Service.programs());
  }

  @Test
  void theSystemTestsAreBuiltAfterEveryProgram() throws IOException {
    assertThat(found("system-tests/pom.xml", "<artifactId>([^<]*)</artifactId>"))
        .containsAll(Service.programs());
  }

  @Test
  void theBrokersRightsAreThoseOfEveryService() throws IOException {
    assertThat(words("deploy/kafka/apply-acls.sh", "^services=\"(.*)\"$"))
        .containsExactlyInAnyOrderElementsOf(Service.modules());
    assertThat(found("deploy/kafka/acls.csv", "^([a-z]+-[a-z]+), topic, "))
        .containsAll(Service.modules());
  }

  @Test
  void recoveryIsMeasuredOfEveryService() throws IOException {
    assertThat(words("benchmarks/recovery", "^ *for name in (.*); do job"))
        .containsAll(Service.modules());
  }

  @Test
  void readersFindEveryServiceInTheTables() throws IOException {
    for (var module : Service.programs()) {
      assertThat(Files.readString(ROOT.resolve("ARCHITECTURE.md")))
          .contains("| `" + module + "` |");
      assertThat(Files.readString(ROOT.resolve("README.md"))).contains("](" + module + ")");
    }
    for (var module : Service.modules()) {
      assertThat(Files.readString(ROOT.resolve("deploy/images/README.md")))
          .contains("`agentopia/" + module + "`");
    }
  }

  private static List<String> words(String file, String pattern) throws IOException {
    return List.of(found(file, pattern).getFirst().split(" "));
  }

  private static List<String> found(String file, String pattern) throws IOException {
    var matcher =
        Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(ROOT.resolve(file)));
    var all = new ArrayList<String>();
    while (matcher.find()) {
      all.add(matcher.group(1));
    }
    return all;
  }
}
