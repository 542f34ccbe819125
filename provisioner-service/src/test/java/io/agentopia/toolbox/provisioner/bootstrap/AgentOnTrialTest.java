package io.agentopia.toolbox.provisioner.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The droplet's own scripts, run: another image of the agent is tried, promoted or given up. */
class AgentOnTrialTest {
  private static final String FORMER = "docker.io/agentopia/dtma@sha256:" + "4a".repeat(32);
  private static final String NEXT = "ghcr.io/agentopia/dtma@sha256:" + "7c".repeat(32);
  private static final String THIRD = "ghcr.io/agentopia/dtma@sha256:" + "9d".repeat(32);
  private static final String CONFIRMS =
      "printf '%s\\n' \"$IMAGE\" >\"$STATE/upgrade/confirmed\"\n";
  private static final String FAILED = "var/lib/dtma/upgrade/failed";

  @TempDir Path temp;
  private HostScripts host;

  @BeforeEach
  void aDropletWhoseAgentRuns() throws IOException {
    assumeThat(Path.of("/usr/bin/flock")).as("these are a Linux droplet's scripts").exists();
    var settings =
        new UserData.Settings("https://api.example.com", List.of(FORMER), List.of(), List.of());
    host = new HostScripts(temp.toRealPath(), UserData.render(settings, "tbj_token"));
    host.write(host.path("etc/agentopia/image.env"), "DTMA_IMAGE=" + FORMER + "\n");
  }

  private void asked(String reference) throws IOException {
    host.write(host.upgrade("next"), reference);
  }

  private void provenIs(String image) throws IOException {
    assertThat(host.text("etc/agentopia/image.env")).isEqualTo("DTMA_IMAGE=" + image + "\n");
  }

  private void nothingIsOnTrial() throws IOException {
    assertThat(host.path("etc/agentopia/trial")).doesNotExist();
    assertThat(host.upgrade("next")).doesNotExist();
  }

  @Test
  void withoutAWishTheProvenImageRunsAndItsExitCodeIsKept() throws Exception {
    host.agent(FORMER, "exit 3");
    assertThat(host.runAgent().exitCode()).isEqualTo(3);
    assertThat(host.started()).containsExactly(FORMER);
    assertThat(host.watchAgent().exitCode()).isZero();
    assertThat(host.text("systemctl.log")).isEmpty();
  }

  @Test
  void aConfirmedImageIsPromotedByTheWatchWithoutARestart() throws Exception {
    asked(NEXT + "\n");
    host.agent(NEXT, CONFIRMS);
    host.runAgent();
    provenIs(FORMER);
    assertThat(host.watchAgent().exitCode()).isZero();
    provenIs(NEXT);
    nothingIsOnTrial();
    assertThat(host.text("systemctl.log")).isEmpty();
    host.runAgent();
    assertThat(host.started()).containsExactly(NEXT, NEXT);
    assertThat(host.path(FAILED)).doesNotExist();
  }

  @Test
  void aConfirmedImageIsPromotedAtTheNextStartIfTheWatchWasNotThere() throws Exception {
    asked(NEXT);
    host.agent(NEXT, CONFIRMS + "exit 1");
    host.runAgent();
    host.uptime(1_000);
    host.runAgent();
    provenIs(NEXT);
    nothingIsOnTrial();
    assertThat(host.started()).containsExactly(NEXT, NEXT);
  }

  @Test
  void afterThreeEndsTheFormerImageRunsAgainAndTheAgentIsToldWhy() throws Exception {
    asked(NEXT);
    host.agent(NEXT, "exit 1");
    for (var i = 0; i < 4; i++) {
      host.runAgent();
    }
    assertThat(host.started()).containsExactly(NEXT, NEXT, NEXT, FORMER);
    assertThat(host.text(FAILED))
        .isEqualTo(NEXT + "\nthe agent of this image ended 3 times (exit code 1)\n");
    assertThat(Files.getPosixFilePermissions(host.path(FAILED)).toString())
        .contains("OTHERS_READ")
        .doesNotContain("OTHERS_WRITE");
    provenIs(FORMER);
    nothingIsOnTrial();
  }

  @Test
  void anImageThatIsNotConfirmedInTimeIsGivenUpByTheWatch() throws Exception {
    asked(NEXT);
    host.agent(NEXT, "exit 137");
    host.runAgent();
    host.uptime(10 + 179);
    host.watchAgent();
    assertThat(host.text("systemctl.log")).isEmpty();
    host.uptime(10 + 180);
    host.watchAgent();
    assertThat(host.text("systemctl.log")).isEqualTo("try-restart dtma.service\n");
    assertThat(host.text(FAILED))
        .isEqualTo(NEXT + "\nthe agent of this image was not confirmed within 180 s\n");
    host.runAgent();
    assertThat(host.started()).containsExactly(NEXT, FORMER);
    nothingIsOnTrial();
    host.watchAgent();
    assertThat(host.text("systemctl.log")).hasLineCount(1);
  }

  @Test
  void anImageThatIsNotConfirmedInTimeIsGivenUpAtItsNextStartToo() throws Exception {
    asked(NEXT);
    host.runAgent();
    host.uptime(10 + 180);
    host.runAgent();
    assertThat(host.started()).containsExactly(NEXT, FORMER);
    assertThat(host.text(FAILED)).contains("within 180 s");
  }

  @Test
  void aConfirmationOfAnotherImageIsNone() throws Exception {
    host.write(host.upgrade("confirmed"), FORMER);
    asked(NEXT);
    host.agent(NEXT, "printf '%s\\n' " + FORMER + " >\"$STATE/upgrade/confirmed\"\n");
    host.runAgent();
    host.uptime(10 + 180);
    host.watchAgent();
    assertThat(host.text(FAILED)).contains("not confirmed");
    provenIs(FORMER);
  }

  @Test
  void aConfirmationOfAnEarlierTimeIsNone() throws Exception {
    host.write(host.upgrade("confirmed"), NEXT);
    asked(NEXT);
    host.agent(NEXT, "exit 1");
    host.runAgent();
    host.watchAgent();
    provenIs(FORMER);
    assertThat(host.path("etc/agentopia/trial")).exists();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void anExitCodeThatWouldEndTheUnitDoesNotWhileOnTrial(int code) throws Exception {
    asked(NEXT);
    host.agent(NEXT, "exit " + code);
    for (var i = 0; i < 3; i++) {
      assertThat(host.runAgent().exitCode()).isEqualTo(1);
    }
    host.agent(FORMER, "exit 0");
    assertThat(host.runAgent().exitCode()).isZero();
    assertThat(host.started()).endsWith(FORMER);
    assertThat(host.text(FAILED)).contains("(exit code " + code + ")");
  }

  @Test
  void anotherCodeReachesTheSupervisorAsItIs() throws Exception {
    asked(NEXT);
    host.agent(NEXT, "exit 137");
    assertThat(host.runAgent().exitCode()).isEqualTo(137);
  }

  @Test
  void aRebootGivesTheTrialItsTimeAnewAndItsStartsStillCount() throws Exception {
    asked(NEXT);
    host.uptime(5_000);
    host.runAgent();
    host.uptime(5_170);
    host.rebooted("boot-2");
    host.runAgent();
    host.uptime(10 + 179);
    host.watchAgent();
    assertThat(host.text("systemctl.log")).isEmpty();
    host.runAgent();
    assertThat(host.started()).containsExactly(NEXT, NEXT, NEXT);
    host.rebooted("boot-3");
    host.runAgent();
    assertThat(host.started()).endsWith(FORMER);
    assertThat(host.text(FAILED)).contains("ended 3 times");
  }

  @Test
  void aConfirmedImageThatAsksForAThirdIsPromotedFirst() throws Exception {
    asked(NEXT);
    host.agent(NEXT, CONFIRMS + "printf '%s\\n' " + THIRD + " >\"$STATE/upgrade/next\"\n");
    host.runAgent();
    host.agent(THIRD, "exit 1");
    host.runAgent();
    provenIs(NEXT);
    for (var i = 0; i < 3; i++) {
      host.runAgent();
    }
    assertThat(host.started()).containsExactly(NEXT, THIRD, THIRD, THIRD, NEXT);
    assertThat(host.text(FAILED)).startsWith(THIRD);
  }

  @Test
  void theImageThatRunsAnywayIsNotTried() throws Exception {
    asked(FORMER.replace("docker.io", "ghcr.io"));
    host.runAgent();
    assertThat(host.started()).containsExactly(FORMER);
    nothingIsOnTrial();
  }

  static Stream<String> notReferences() {
    return Stream.of(
        "",
        "\n",
        "docker.io/agentopia/dtma:latest",
        "docker.io/agentopia/dtma@sha256:7c7c",
        NEXT.toUpperCase(),
        NEXT + " --privileged",
        "--privileged " + NEXT,
        "-v/:/host@sha256:" + "7c".repeat(32),
        NEXT + "\nDTMA_IMAGE=evil",
        "$(touch PWNED)" + NEXT,
        "`touch PWNED`",
        "x; touch PWNED; @sha256:" + "7c".repeat(32),
        "a".repeat(256) + "@sha256:" + "7c".repeat(32),
        "a".repeat(100_000));
  }

  @ParameterizedTest
  @MethodSource("notReferences")
  void whatIsNoReferenceByDigestIsIgnoredAndRemoved(String evil) throws Exception {
    asked(evil.replace("PWNED", host.path("pwned").toString()));
    assertThat(host.runAgent().exitCode()).isZero();
    assertThat(host.started()).containsExactly(FORMER);
    assertThat(host.path("pwned")).doesNotExist();
    provenIs(FORMER);
    nothingIsOnTrial();
  }

  @Test
  void aSymlinkInPlaceOfTheWishIsRefusedAndWhatItNamesStays() throws Exception {
    var elsewhere = Files.writeString(host.path("elsewhere"), NEXT);
    Files.createSymbolicLink(host.upgrade("next"), elsewhere);
    host.runAgent();
    assertThat(host.started()).containsExactly(FORMER);
    assertThat(Files.isSymbolicLink(host.upgrade("next"))).isFalse();
    assertThat(elsewhere).hasContent(NEXT);
  }

  @Test
  void aSymlinkInPlaceOfTheConfirmationIsNone() throws Exception {
    asked(NEXT);
    var elsewhere = Files.writeString(host.path("elsewhere"), NEXT);
    host.agent(NEXT, "ln -sf " + elsewhere + " \"$STATE/upgrade/confirmed\"");
    host.runAgent();
    host.watchAgent();
    provenIs(FORMER);
  }

  @Test
  void aDirectoryThatIsASymlinkIsRefusedAndNothingIsWrittenThrough() throws Exception {
    var elsewhere = Files.createDirectories(host.path("elsewhere"));
    Files.writeString(elsewhere.resolve("next"), NEXT);
    Files.createDirectories(host.path("var/lib/dtma"));
    Files.createSymbolicLink(host.path("var/lib/dtma/upgrade"), elsewhere);
    host.runAgent();
    assertThat(host.started()).containsExactly(FORMER);
    assertThat(elsewhere.resolve("next")).exists();
  }

  @Test
  void theReasonIsNotWrittenThroughASymlink() throws Exception {
    asked(NEXT);
    var precious = Files.writeString(host.path("precious"), "untouched");
    var swaps = " \"$STATE/upgrade/failed\" \"$STATE/upgrade/failed.new\"; do ln -sfn ";
    host.agent(NEXT, "for f in" + swaps + precious + " \"$f\"; done; exit 1");
    for (var i = 0; i < 4; i++) {
      host.runAgent();
    }
    assertThat(precious).hasContent("untouched");
    assertThat(host.text(FAILED)).startsWith(NEXT);
  }

  @Test
  void anAgentThatTakesTheDirectoryAwayIsGivenUpAllTheSame() throws Exception {
    asked(NEXT);
    host.agent(NEXT, "rm -rf \"$STATE/upgrade\"; exit 1");
    for (var i = 0; i < 4; i++) {
      host.runAgent();
    }
    assertThat(host.started()).containsExactly(NEXT, NEXT, NEXT, FORMER);
    assertThat(host.path("etc/agentopia/trial")).doesNotExist();
  }

  @Test
  void whatIsWrongWithTheTrialDoesNotKeepTheProvenImageFromRunning() throws Exception {
    asked(NEXT);
    Files.createDirectories(host.path("etc/agentopia/trial.new"));
    assertThat(host.runAgent().exitCode()).isZero();
    assertThat(host.started()).containsExactly(FORMER);
  }
}
