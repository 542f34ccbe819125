package io.agentopia.toolbox.local.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerTarTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
  @TempDir Path dir;

  @Test
  void theSameFilesGiveTheSameBytesWhateverTheirTimesAndOrder() throws Exception {
    var one = tree("one", List.of("a", "b/c"), Instant.EPOCH);
    var other = tree("other", List.of("b/c", "a"), Instant.now());

    new LayerTar().tree("opt/app", one).write(dir.resolve("one.tar"), TIME);
    new LayerTar().tree("opt/app", other).write(dir.resolve("other.tar"), TIME);

    assertThat(dir.resolve("one.tar")).hasSameBinaryContentAs(dir.resolve("other.tar"));
  }

  @Test
  void everyOwnerModeAndTimeIsSaid() throws Exception {
    var root = tree("root", List.of("a"), Instant.now());
    var program = Files.createFile(root.resolve("run"));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    var tar = dir.resolve("layer.tar");

    new LayerTar().tree("opt/app", root).directory("var/lib/dtma", 0700, 10001).write(tar, TIME);

    assertThat(entries(tar))
        .containsExactly(
            "opt/ 755 0:0",
            "opt/app/ 755 0:0",
            "opt/app/a 644 0:0",
            "opt/app/run 755 0:0",
            "var/ 755 0:0",
            "var/lib/ 755 0:0",
            "var/lib/dtma/ 700 10001:10001");
  }

  private static List<String> entries(Path tar) throws IOException {
    var found = new ArrayList<String>();
    try (var in = new TarArchiveInputStream(Files.newInputStream(tar))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        assertThat(entry.getLastModifiedDate().toInstant()).isEqualTo(TIME);
        found.add(
            "%s %o %d:%d"
                .formatted(
                    entry.getName(),
                    entry.getMode() & 07777,
                    entry.getLongUserId(),
                    entry.getLongGroupId()));
      }
    }
    return found;
  }

  private Path tree(String name, List<String> files, Instant time) throws IOException {
    var root = dir.resolve(name);
    for (var file : files) {
      var path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
      Files.setLastModifiedTime(path, FileTime.from(time));
    }
    return root;
  }
}
