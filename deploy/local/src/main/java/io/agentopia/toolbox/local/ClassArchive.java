package io.agentopia.toolbox.local;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The classes that a program loads when it starts, archived for its JVM (class data sharing), which
 * then starts in three quarters of the time. An archive fits one build and one JVM and is named
 * after both: one that does not fit is not found.
 */
final class ClassArchive {
  private static final String PREFIX = "classes-";
  private static final String SUFFIX = ".jsa";

  private final Path jar;
  private final Path dir;

  /**
   * @param jar what the program is started from; as old as the program's build
   * @param dir where its archive is kept
   */
  ClassArchive(Path jar, Path dir) {
    this.jar = jar;
    this.dir = dir;
  }

  /** Whether the program is built, but nothing was recorded since. */
  boolean isMissing() {
    return Files.exists(jar) && !Files.exists(file());
  }

  /** For a JVM that is to start with it; nothing when there is none. */
  List<String> use() {
    return Files.exists(file()) ? List.of("-XX:SharedArchiveFile=" + file()) : List.of();
  }

  /** For a JVM that is to record, and to write the record when it is asked to end. */
  List<String> record() {
    // Each class that cannot be archived would be a line.
    return List.of(
        "-XX:ArchiveClassesAtExit=" + recorded(), "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
  }

  /**
   * Makes the record the archive, in place of those of earlier builds; false when there is no whole
   * record.
   */
  boolean keep() throws IOException {
    if (!isWhole(recorded())) {
      return false;
    }
    Files.move(recorded(), file(), StandardCopyOption.ATOMIC_MOVE);
    try (var all = Files.newDirectoryStream(dir, PREFIX + "*")) {
      for (var other : all) {
        if (!other.equals(file())) {
          Files.delete(other);
        }
      }
    }
    return true;
  }

  private Path file() {
    return dir.resolve(PREFIX + Runtime.version() + "-" + builtAt() + SUFFIX);
  }

  private Path recorded() {
    return file().resolveSibling(file().getFileName() + ".new");
  }

  private long builtAt() {
    try {
      return Files.getLastModifiedTime(jar).toMillis();
    } catch (IOException e) {
      // Not built; nobody starts it.
      return 0;
    }
  }

  /** A JVM writes the beginning last. */
  private static boolean isWhole(Path record) throws IOException {
    if (!Files.isRegularFile(record) || Files.size(record) < Integer.BYTES) {
      return false;
    }
    try (var in = new DataInputStream(Files.newInputStream(record))) {
      return in.readInt() != 0;
    }
  }
}
