package io.agentopia.toolbox.local.images;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The content of one layer. The same files give the same bytes, wherever and whenever they were
 * made: sorted, one time, owners and modes by rule. Directories above are listed too, since an
 * engine would otherwise make them with the time of the build.
 */
public final class LayerTar {
  private static final int DIRECTORY = 0755;
  private static final int PROGRAM = 0755;
  private static final int PLAIN = 0644;

  private record Content(Path file, int mode, long owner) {}

  private final TreeMap<String, Content> entries = new TreeMap<>();

  /** A directory as it is in the base image: owned by root. */
  public LayerTar directory(String path) {
    return directory(path, DIRECTORY, 0);
  }

  public LayerTar directory(String path, int mode, long owner) {
    parents(path);
    entries.put(path + "/", new Content(null, mode, owner));
    return this;
  }

  public LayerTar file(String path, Path file) {
    parents(path);
    entries.put(path, new Content(file, Files.isExecutable(file) ? PROGRAM : PLAIN, 0));
    return this;
  }

  /** A directory with everything in it; links are followed. */
  public LayerTar tree(String path, Path root) throws IOException {
    directory(path);
    try (var found = Files.walk(root, java.nio.file.FileVisitOption.FOLLOW_LINKS)) {
      for (var file : (Iterable<Path>) found::iterator) {
        var name = path + "/" + root.relativize(file).toString().replace('\\', '/');
        if (Files.isRegularFile(file)) {
          file(name, file);
        } else if (!file.equals(root)) {
          directory(name);
        }
      }
    }
    return this;
  }

  private void parents(String path) {
    var parts = path.split("/");
    for (var depth = 1; depth < parts.length; depth++) {
      var parent = String.join("/", Arrays.copyOf(parts, depth)) + "/";
      entries.putIfAbsent(parent, new Content(null, DIRECTORY, 0));
    }
  }

  /** Written with the given time on every entry. */
  public void write(Path target, Instant time) throws IOException {
    try (var out =
        new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(target)))) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (var named : entries.entrySet()) {
        write(out, named.getKey(), named.getValue(), time);
      }
    }
  }

  private static void write(TarArchiveOutputStream out, String name, Content content, Instant time)
      throws IOException {
    var type = content.file() == null ? TarConstants.LF_DIR : TarConstants.LF_NORMAL;
    var entry = new TarArchiveEntry(name, type);
    entry.setMode(content.mode());
    entry.setIds((int) content.owner(), (int) content.owner());
    entry.setNames("", "");
    entry.setModTime(time.toEpochMilli());
    if (content.file() == null) {
      out.putArchiveEntry(entry);
    } else {
      entry.setSize(Files.size(content.file()));
      out.putArchiveEntry(entry);
      Files.copy(content.file(), out);
    }
    out.closeArchiveEntry();
  }
}
