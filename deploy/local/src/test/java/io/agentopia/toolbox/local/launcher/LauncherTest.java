package io.agentopia.toolbox.local.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentopia.toolbox.local.keys.KeysFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherTest {
  @TempDir Path home;
  private final StringWriter said = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "up --nonsense | Unknown option: '--nonsense'",
        "demo --image | Missing required parameter for option '--image' (IMAGE)",
        "restart | Missing required parameter: 'NAME'",
        "logs a b | Unmatched argument at index 2: 'b'",
        "logs -n many | Invalid value for option '--lines'",
        "image | Say what to do: image build or image push",
        "image build nosuch | there is no image \"nosuch\"; there are all, dtma, api-gateway",
        "image build --tag 1.2.3 | \"1.2.3\" is no version; say vX.Y.Z",
        "image push | Missing required option: '--to=REPOSITORY'",
        "image push all --to a/b | 5 images cannot share the repository \"a/b\"",
        "nonsense | Unmatched argument at index 0: 'nonsense'",
      })
  void wrongArgumentsEndWithASentenceAndCode2(String arguments, String sentence) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(said.toString()).contains(sentence);
  }

  @Test
  void noCommandEndsWithWhatThereIsAndCode2() {
    assertThat(run()).isEqualTo(2);
    assertThat(said.toString()).contains("Say what to do: up, demo, status");
  }

  @Test
  void withNothingRunningEachCommandSaysSo() {
    assertThat(run("status")).isEqualTo(1);
    assertThat(run("restart", "kafka")).isEqualTo(1);
    assertThat(run("logs")).isEqualTo(1);
    assertThat(run("down")).isZero();
    assertThat(said.toString())
        .contains("Nothing is running. ./toolbox up starts everything.")
        .contains("toolbox: nothing is running; ./toolbox up --detach starts everything")
        .contains("toolbox: there are no logs")
        .contains("Nothing was running.");
  }

  @Test
  void aStackThatCannotStartEndsWithTheReasonAndCode1() {
    assertThat(run("up")).isEqualTo(1);
    assertThat(said.toString()).contains("toolbox: not built: cloud-simulator");
  }

  @Test
  void aLogIsFoundByTheBeginningOfItsName() throws Exception {
    var logs = Files.createDirectories(home.resolve(".local/logs"));
    Files.writeString(logs.resolve("health-service.log"), "one\ntwo\nthree\n");
    Files.writeString(logs.resolve("kafka.log"), "other\n");

    assertThat(run("logs", "health", "-n", "2")).isZero();
    assertThat(said.toString().lines()).containsExactly("two", "three");
    assertThat(run("logs", "nosuch")).isEqualTo(1);
    assertThat(said.toString()).contains("there is no \"nosuch\"; there are health-service, kafka");
  }

  @Test
  void keysAreMadeRotatedAndListedWithoutTheirSecrets() throws Exception {
    Files.createDirectories(home.resolve(".local"));
    assertThat(run("keys", "rotate")).isEqualTo(1);
    assertThat(run("keys", "generate")).isZero();
    assertThat(run("keys", "generate")).isEqualTo(1);
    assertThat(run("keys", "rotate", "--only", "agent-token", "--lead", "0s")).isZero();
    assertThat(run("keys", "rotate", "--only", "nonsense")).isEqualTo(2);
    assertThat(run("keys", "rotate", "--overlap", "long")).isEqualTo(1);

    var file = home.resolve(".local/keys.json");
    var rings = new KeysFile(file).read();
    assertThat(rings.agentToken()).hasSize(2);
    assertThat(rings.backendToDtma()).hasSize(1);
    assertThat(said.toString())
        .contains("there is a key ring at " + file + " already")
        .contains(rings.agentToken().getFirst().id())
        .doesNotContain(rings.agentToken().getFirst().secret());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void allLogsAreShownWithTheirNames() throws Exception {
    var logs = Files.createDirectories(home.resolve(".local/logs"));
    Files.writeString(logs.resolve("health-service.log"), "fine\n");
    Files.writeString(logs.resolve("kafka.log"), "ready\n");

    assertThat(run("logs")).isZero();
    assertThat(said.toString().lines())
        .containsExactly("health-service      | fine", "kafka               | ready");
  }

  private int run(String... arguments) {
    var screen = new Screen(new PrintWriter(said, true), false);
    return Launcher.commandLine(Place.of(home), screen).execute(arguments);
  }
}
