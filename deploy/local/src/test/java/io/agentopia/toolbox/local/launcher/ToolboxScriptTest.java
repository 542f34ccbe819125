package io.agentopia.toolbox.local.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script, run in a checkout that holds just enough to see which Java it takes. */
class ToolboxScriptTest {
  @TempDir Path dir;
  private Path checkout;

  private record Ended(int code, String output) {}

  @BeforeEach
  void aBuiltCheckout() throws IOException {
    checkout = Files.createDirectories(dir.resolve("a check out"));
    var target = Files.createDirectories(checkout.resolve("deploy/local/target"));
    Files.createDirectories(target.resolve("lib"));
    Files.createFile(target.resolve("local-stack-0.1.0-SNAPSHOT.jar"));
    Files.copy(
        Path.of("../../toolbox"), checkout.resolve("toolbox"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  @Test
  void javaHomeIsTakenWhenItIsNewEnough() throws Exception {
    var ended = run(jdk("new", "26.0.1"), "status");
    assertThat(ended.output).contains("java of new: ").contains("Launcher status|");
    assertThat(ended.output).contains("-Dtoolbox.home=" + checkout);
    assertThat(ended.code).isEqualTo(7);
  }

  @Test
  void javaHomeIsPassedOverWhenItIsTooOld() throws Exception {
    assertThat(run(jdk("old", "24.0.2"), "status").output).doesNotContain("java of old: ");
  }

  @Test
  void argumentsReachTheLauncherAsTheyWereTyped() throws Exception {
    var ended = run(jdk("new", "25"), "logs", "two words", "*");
    assertThat(ended.output).contains("Launcher logs|two words|*|");
  }

  @Test
  void anUnknownCommandEndsWithTheUsageAndCode2() throws Exception {
    var ended = run(jdk("new", "25"), "nonsense");
    assertThat(ended.code).isEqualTo(2);
    assertThat(ended.output)
        .contains("there is no command \"nonsense\"")
        .contains("Usage: ./toolbox COMMAND");
  }

  @Test
  void itIsFoundThroughALinkFromAnyDirectory() throws Exception {
    var link = Files.createSymbolicLink(dir.resolve("tb"), checkout.resolve("toolbox"));
    var ended = run(link, jdk("new", "25"), "status");
    assertThat(ended.output).contains("-Dtoolbox.home=" + checkout);
  }

  @Test
  void aTestRunEndsWithItsSlowestClassesWhatFailedAndMavensCode() throws Exception {
    var reports = checkout.resolve("module/target/surefire-reports");
    Files.createDirectories(reports);
    Files.writeString(reports.resolve("TEST-OfAnEarlierRun.xml"), report("OfAnEarlierRun", "99"));
    Files.setLastModifiedTime(
        reports.resolve("TEST-OfAnEarlierRun.xml"), FileTime.from(Instant.EPOCH));
    Files.writeString(checkout.resolve("Slow.xml"), report("Slow", "1,234.5"));
    Files.writeString(checkout.resolve("Quick.xml"), report("Quick", "0.25"));
    executable(
        checkout.resolve("mvnw"),
        "echo \"mvnw $*\"; for c in Quick Slow Broken; do cat $c.xml > module/target/surefire-reports/TEST-$c.xml; done; exit 3");
    Files.writeString(
        checkout.resolve("Broken.xml"),
        report("Broken", "0.1")
            .replace(
                "</testsuite>",
                """
                  <testcase name="two{String}[1]" classname="Broken" time="0.1">
                    <failure message="wanted 1, was 2" type="X"><![CDATA[at Broken]]></failure>
                  </testcase>
                  <testcase name="three" classname="Broken" time="0.1">
                    <error type="X"><![CDATA[at Broken]]></error>
                  </testcase>
                </testsuite>"""));
    var ended = run(jdk("new", "25"), "test", "--all", "-pl", "module");
    assertThat(ended.code).isEqualTo(3);
    assertThat(ended.output)
        .contains("mvnw -B -ntp -T 4 install -Dtests=all -pl module\n")
        .contains("The slowest test classes:\n   1234.5 s  Slow\n      0.2 s  Quick\n")
        .endsWith(
            "The tests that failed:\n"
                + "  Broken.two{String}[1]: wanted 1, was 2\n  Broken.three: no message\n");
  }

  /** As Surefire begins it. */
  private static String report(String testClass, String seconds) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0.2" name="%s" time="%s" tests="1" errors="0" skipped="0" failures="0">
          <testcase name="one" classname="%1$s" time="0.1"/>
        </testsuite>
        """
        .formatted(testClass, seconds);
  }

  private Ended run(Path javaHome, String... arguments) throws Exception {
    return run(checkout.resolve("toolbox"), javaHome, arguments);
  }

  private Ended run(Path script, Path javaHome, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", javaHome.toString());
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes());
    return new Ended(process.waitFor(), output);
  }

  /** A JDK whose java tells how it was called, and ends with 7. */
  private Path jdk(String name, String version) throws IOException {
    var home = dir.resolve(name);
    var bin = Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(bin.resolve("javac"), "exit 1");
    executable(
        bin.resolve("java"),
        "printf 'java of "
            + name
            + ": '; for a in \"$@\"; do case \"$a\" in *Launcher) printf 'Launcher ' ;; -*) printf '%s ' \"$a\" ;; *) printf '%s|' \"$a\" ;; esac; done; exit 7");
    return home;
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
