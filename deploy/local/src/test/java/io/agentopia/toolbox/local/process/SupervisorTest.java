package io.agentopia.toolbox.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(10), Duration.ofMillis(50));
  private static final Readiness AT_ONCE = pid -> true;
  @TempDir Path dir;
  private Supervisor supervisor;

  @AfterEach
  void stop() {
    supervisor.close();
  }

  @Test
  void aKilledProcessIsStartedAgain() {
    start(program("sleeper", "exec sleep 1000"));
    var sleeper = supervisor.process("sleeper");
    var before = sleeper.pid();

    sleeper.kill();
    sleeper.awaitReady(PATIENCE);

    assertThat(sleeper.pid()).isNotZero().isNotEqualTo(before);
    assertThat(sleeper.view().restarts()).isEqualTo(1);
    assertThat(sleeper.view().lastExit()).isEqualTo(137);
    assertThat(sleeper.log()).content().contains("ended with exit code 137; started again");
  }

  @Test
  void aProcessThatEndsByItselfIsStartedAgain() {
    start(program("short", "echo again >> " + dir.resolve("runs") + "; sleep 0.2"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(dir.resolve("runs")).content().hasLineCount(4));
  }

  @Test
  void aStoppedProcessStaysStoppedUntilItIsStarted() {
    start(program("sleeper", "exec sleep 1000"));
    var sleeper = supervisor.process("sleeper");

    sleeper.stop();
    assertThat(sleeper.pid()).isZero();
    assertThat(sleeper.view().state()).isEqualTo(ProcessState.STOPPED);

    sleeper.start();
    sleeper.awaitReady(PATIENCE);
    assertThat(sleeper.pid()).isNotZero();
  }

  @Test
  void aProcessThatDoesNotEndWithinItsGraceIsKilled() {
    var deaf = program("deaf", "trap '' TERM; touch " + dir.resolve("up") + "; exec sleep 1000");
    start(deaf.withGrace(Duration.ofMillis(50)));
    await().atMost(PATIENCE).until(() -> Files.exists(dir.resolve("up")));

    supervisor.process("deaf").stop();

    assertThat(supervisor.process("deaf").pid()).isZero();
  }

  @Test
  void aPausedProcessIsThereAndCanBeStoppedAllTheSame() throws Exception {
    start(program("sleeper", "exec sleep 1000"));
    var sleeper = supervisor.process("sleeper");
    var pid = sleeper.pid();
    sleeper.pause();
    await().atMost(PATIENCE).until(() -> stateOf(pid).startsWith("T"));
    sleeper.resume();
    await().atMost(PATIENCE).until(() -> stateOf(pid).startsWith("S"));
    sleeper.pause();
    supervisor.close();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aProcessStartsAfterWhatItNeedsAndStopsBefore() throws Exception {
    var order = dir.resolve("order");
    start(
        program("second", noting("second", order), Set.of("first"), AT_ONCE),
        program("first", noting("first", order)));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(order).content().contains("second up"));
    supervisor.close();
    assertThat(Files.readAllLines(order))
        .containsExactly("first up", "second up", "second down", "first down");
  }

  @Test
  void aProgramThatNeverGetsReadyIsGivenUpWithTheEndOfItsLog() {
    supervisor = supervisor(program("broken", "echo the reason; exit 3"));
    supervisor.start();
    assertThatThrownBy(() -> supervisor.awaitReady(PATIENCE))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("broken ended 3 times before it was ready (last exit code 3)")
        .hasMessageContaining("the reason");
    assertThat(supervisor.process("broken").view().state()).isEqualTo(ProcessState.FAILED);
  }

  @Test
  void closingInTheMiddleOfTheStartLeavesNothing() {
    supervisor =
        supervisor(
            program("never-ready", "exec sleep 1000", Set.of(), pid -> false),
            program("waiting", "exec sleep 1000", Set.of("never-ready"), AT_ONCE));
    supervisor.start();
    await().atMost(PATIENCE).until(() -> supervisor.process("never-ready").pid() != 0);
    var pid = supervisor.process("never-ready").pid();

    supervisor.close();

    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(supervisor.process("waiting").view().state()).isEqualTo(ProcessState.WAITING);
  }

  @Test
  void theEnvironmentReachesTheProcessAndTheCommandLineDoesNotShowIt() {
    var program =
        new Program(
            "told",
            List.of("sh", "-c", "echo told $SECRET; exec sleep 1000"),
            Map.of("SECRET", "s3cret"),
            Set.of(),
            AT_ONCE,
            0);
    start(program);
    var told = supervisor.process("told");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(told.log()).content().contains("told s3cret"));
    var info = ProcessHandle.of(told.pid()).orElseThrow().info();
    assertThat(info.commandLine().orElse("")).doesNotContain("s3cret");
  }

  @Test
  void programsThatWaitForEachOtherAreRefused() {
    start(program("unrelated", "exec sleep 1000"));
    assertThatThrownBy(
            () ->
                supervisor(
                    program("a", "true", Set.of("b"), AT_ONCE),
                    program("b", "true", Set.of("a"), AT_ONCE)))
        .hasMessageContaining("a after [b]");
  }

  private void start(Program... programs) {
    supervisor = supervisor(programs);
    supervisor.start();
    supervisor.awaitReady(PATIENCE);
  }

  private Supervisor supervisor(Program... programs) {
    return new Supervisor(List.of(programs), dir.resolve("logs"), QUICK, 2, () -> {});
  }

  private static Program program(String name, String script) {
    return program(name, script, Set.of(), AT_ONCE);
  }

  private static Program program(
      String name, String script, Set<String> after, Readiness readiness) {
    return new Program(name, List.of("sh", "-c", script), Map.of(), after, readiness, 0);
  }

  private static String noting(String name, Path file) {
    return "trap 'echo %s down >> %s; exit 0' TERM; echo %s up >> %s; while :; do sleep 0.1; done"
        .formatted(name, file, name, file);
  }

  private static String stateOf(long pid) throws Exception {
    var ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(pid)).start();
    return new String(ps.getInputStream().readAllBytes()).strip();
  }
}
