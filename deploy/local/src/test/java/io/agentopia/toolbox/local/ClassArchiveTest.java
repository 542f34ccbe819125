package io.agentopia.toolbox.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real JVMs, which record and use the archive of a program of one class. */
class ClassArchiveTest {
  private static final String LOADED = "source: shared objects file (top)";

  @TempDir Path dir;
  private Path jar;
  private ClassArchive archive;

  /** What is archived. */
  public static final class Greeting {
    public static void main(String[] names) {
      System.out.println("hello");
    }
  }

  @BeforeEach
  void aBuiltProgram() throws IOException {
    jar = dir.resolve("program.jar");
    archive = new ClassArchive(jar, dir);
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Greeting.class.getName());
    var entry = Greeting.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        var in = Greeting.class.getClassLoader().getResourceAsStream(entry)) {
      out.putNextEntry(new JarEntry(entry));
      in.transferTo(out);
    }
  }

  @Test
  void whatOneJvmRecordedAnotherLoads() throws Exception {
    assertThat(archive.isMissing()).isTrue();
    assertThat(archive.use()).isEmpty();

    run(archive.record());
    assertThat(archive.isMissing()).as("recorded, not yet kept").isTrue();
    assertThat(archive.keep()).isTrue();

    assertThat(archive.isMissing()).isFalse();
    assertThat(run(archive.use())).contains(LOADED);
  }

  @Test
  void anotherBuildHasNoArchive() throws Exception {
    run(archive.record());
    archive.keep();

    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));

    assertThat(archive.isMissing()).isTrue();
    assertThat(archive.use()).isEmpty();
    assertThat(run(archive.use())).contains("hello").doesNotContain(LOADED);
  }

  @Test
  void theArchiveOfAnEarlierBuildGoesWhenThereIsANewOne() throws Exception {
    run(archive.record());
    archive.keep();
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));

    run(archive.record());
    archive.keep();

    assertThat(archives()).hasSize(1);
    assertThat(run(archive.use())).contains(LOADED);
  }

  @Test
  void nothingIsKeptOfAJvmThatWasKilledWhileItWrote() throws Exception {
    var record = archive.record().getFirst().replace("-XX:ArchiveClassesAtExit=", "");
    Files.write(Path.of(record), new byte[4096]);

    assertThat(archive.keep()).isFalse();
    assertThat(archive.use()).isEmpty();
  }

  @Test
  void nothingIsMissingOfAProgramThatIsNotBuilt() throws Exception {
    Files.delete(jar);
    assertThat(archive.isMissing()).isFalse();
    assertThat(archive.keep()).isFalse();
  }

  /** Says what the program printed, and from where the JVM took its class. */
  private String run(List<String> options) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-Xlog:class+load"));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as("%s", output).isZero();
    return output
        .lines()
        .filter(line -> line.contains("Greeting") || line.equals("hello"))
        .reduce("", (all, line) -> all + line + "\n");
  }

  private List<Path> archives() throws IOException {
    try (var all = Files.list(dir)) {
      return all.filter(f -> f.toString().endsWith(".jsa")).toList();
    }
  }
}
