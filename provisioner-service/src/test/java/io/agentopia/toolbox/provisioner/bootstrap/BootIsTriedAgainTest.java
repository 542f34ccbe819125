package io.agentopia.toolbox.provisioner.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The droplet's own scripts, run: what fails at first and works a moment later ends no boot. */
class BootIsTriedAgainTest {
  private static final String IMAGE = "docker.io/agentopia/dtma";

  /** Says no as often as ROOT/TIMES tells, each time with a line in ROOT/refused. */
  private static final String REFUSES =
      """
      refuses() {
        [ "$(cat ROOT/$1 2>/dev/null || echo 0)" -gt "$(wc -l <ROOT/refused)" ] || return 1
        echo "$1" >>ROOT/refused
      }
      """;

  /** A package brings its commands; {@code docker.io} with {@code docker} on Debian 12 only. */
  private static final String APT =
      "#!/bin/bash\n"
          + REFUSES
          + """
          echo "$*" >>ROOT/apt.log
          case "$*" in
            *" update"*) ! refuses lists-locked || exit 100 ;;
            *" docker.io") install -m 755 ROOT/docker ROOT/bin/dockerd; [ -e ROOT/debian-13 ] || cp ROOT/bin/dockerd ROOT/bin/docker ;;
            *" docker-cli") install -m 755 ROOT/docker ROOT/bin/docker ;;
          esac
          """;

  private static final String DOCKER =
      """
      #!/bin/bash
      case "$1 $2" in
        "version -f") cat ROOT/version ;;
        "image inspect") echo "IMAGE@sha256:%s" ;;
      esac
      """
          .formatted("4a".repeat(32))
          .replace("IMAGE", IMAGE);

  private static final String SYSTEMCTL =
      "#!/bin/bash\n"
          + REFUSES
          + """
          case "$*" in
            "restart docker.service") ! refuses docker-fails || exit 1 ;;
            "is-active --quiet dtma.service") [ ! -e ROOT/down ] ;;
            "is-enabled --quiet dtma.service") [ ! -e ROOT/disabled ] ;;
            "show "*) cat ROOT/shown ;;
            *) echo "$*" >>ROOT/systemctl.log ;;
          esac
          """;

  /** Answers 200, and keeps what was phoned home. */
  private static final String CURL =
      """
      #!/bin/bash
      while [ $# -gt 0 ]; do [ "$1" != -d ] || echo "$2" >>ROOT/told; shift; done
      echo 200
      """;

  @TempDir Path temp;
  private HostScripts host;

  @BeforeEach
  void aYoungDroplet() throws IOException {
    assumeThat(Path.of("/usr/bin/flock")).as("these are a Linux droplet's scripts").exists();
    var settings =
        new UserData.Settings(
            "https://api.example.com", List.of(IMAGE + ":latest"), List.of(), List.of());
    host = new HostScripts(temp.toRealPath(), UserData.render(settings, "tbj_token"));
    host.fake("apt-get", APT);
    host.fake("systemctl", SYSTEMCTL);
    host.fake("curl", CURL);
    host.fake("sleep", "#!/bin/bash\necho \"$1\" >>ROOT/slept\n");
    host.fake("journalctl", "#!/bin/bash\n");
    host.fake("python3", "#!/bin/bash\necho 'init 1.0 s'\n");
    host.write(host.path("docker"), DOCKER.replace("ROOT", host.path("").toString()));
    host.write(host.path("refused"), "");
    host.write(host.path("version"), "20.10.24\n");
  }

  private void withoutDocker() throws IOException {
    java.nio.file.Files.delete(host.path("bin/docker"));
    host.hasOnly(
        "bash", "cat", "tail", "tr", "sed", "head", "rm", "seq", "timeout", "wc", "cp", "echo");
  }

  private List<String> told() throws IOException {
    return host.text("told").lines().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 11})
  void anotherAptAtWorkIsWaitedFor(int times) throws Exception {
    withoutDocker();
    host.write(host.path("lists-locked"), "" + times);

    var ended = host.bootstrap();

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(host.text("refused").lines()).hasSize(times);
    assertThat(told()).anyMatch(t -> t.contains("\"docker\",\"detail\":\"Docker 20.10.24\""));
    assertThat(told()).noneMatch(t -> t.contains("\"failed\""));
  }

  @Test
  void whatNeverWorksIsToldWithWhatWasDone() throws Exception {
    withoutDocker();
    host.write(host.path("lists-locked"), "1000");

    var ended = host.bootstrap();

    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(100);
    assertThat(told().getLast())
        .contains("\"failed\"", "docker: installing docker.io failed with status 100");
    assertThat(ended.output()).contains("installing docker.io failed, again in 5 s");
    assertThat(host.text("slept").lines().mapToInt(Integer::parseInt).sum())
        .as("longest wait in all, in seconds, far below the deadline for joining")
        .isBetween(120, 240);
  }

  @Test
  void onDebian13TheCommandComesWithAPackageOfItsOwn() throws Exception {
    withoutDocker();
    host.write(host.path("debian-13"), "");
    host.write(host.path("version"), "26.1.5\n");

    var ended = host.bootstrap();

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(host.text("apt.log")).contains(" docker.io\n", " docker-cli\n");
    assertThat(told()).anyMatch(t -> t.contains("Docker 26.1.5"));
  }

  @Test
  void aDockerThatStartsTheSecondTimeIsGoodEnough() throws Exception {
    withoutDocker();
    host.write(host.path("docker-fails"), "2");

    var ended = host.bootstrap();

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(host.text("systemctl.log")).contains("restart dtma.service");
  }

  @Test
  void anEngineWithoutAVersionEndsTheStage() throws Exception {
    withoutDocker();
    host.write(host.path("version"), "");

    var ended = host.bootstrap();

    assertThat(ended.exitCode()).as(ended.output()).isNotZero();
    assertThat(told()).noneMatch(t -> t.contains("\"docker\""));
    assertThat(told().getLast()).contains("docker: starting Docker failed");
  }

  @ParameterizedTest(name = "{0} {1} disabled: {2}")
  @CsvSource({
    "inactive, 0, false, true", // never up: a dependency failed
    "inactive, 5123456, false, false", // somebody stopped it
    "inactive, 0, true, false", // somebody disabled it, and rebooted
    "failed, 5123456, false, false", // it ended with a code after which nothing is to start
    "activating, 0, false, false", // systemd is at it
    "deactivating, 5123456, false, false",
  })
  void theWatchStartsOnlyAnAgentThatNeverCameUp(
      String state, String upSince, boolean isDisabled, boolean isStarted) throws Exception {
    host.write(host.path("down"), "");
    host.write(
        host.path("shown"),
        "ActiveState=%s\nActiveEnterTimestampMonotonic=%s\n".formatted(state, upSince));
    if (isDisabled) {
      host.write(host.path("disabled"), "");
    }

    var ended = host.watchAgent();

    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(host.text("systemctl.log"))
        .isEqualTo(isStarted ? "start --no-block dtma.service\n" : "");
  }
}
