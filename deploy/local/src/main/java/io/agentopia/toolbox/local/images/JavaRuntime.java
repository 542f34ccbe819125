package io.agentopia.toolbox.local.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A Java runtime of only the modules an image needs, linked from a JDK of this machine, with the
 * class data archive that its flags call for (a linked runtime has none, and starts a third slower
 * without).
 *
 * <p>The modules are left uncompressed: the layer is compressed on its way anyway, and smaller so;
 * and what the JVM maps it need not unpack into memory of its own.
 */
final class JavaRuntime {
  private final Path jdk;
  private final Path work;

  JavaRuntime(Path jdk, Path work) {
    this.jdk = jdk;
    this.work = work;
  }

  /** Linked once for each JDK, list of modules and set of flags, then taken from there. */
  Path linked(Image.Kind kind, Path options) throws IOException {
    var made = work.resolve("runtime-" + kind.directory());
    var recipe = recipe(kind, options);
    var note = work.resolve("runtime-" + kind.directory() + ".recipe");
    if (Files.isRegularFile(note) && Files.readString(note).equals(recipe)) {
      return made;
    }
    Files.deleteIfExists(note);
    delete(made);
    link(kind, made);
    archive(made, options);
    Files.writeString(note, recipe);
    return made;
  }

  private String recipe(Image.Kind kind, Path options) throws IOException {
    var release = Files.readString(jdk.resolve("release"));
    return jdk + "\n" + release + kind.modules() + "\n" + Files.readString(options);
  }

  private void link(Image.Kind kind, Path target) {
    var line =
        List.of(
            jdk.resolve("bin/jlink").toString(),
            "--add-modules",
            String.join(",", kind.modules()),
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            target.toString());
    Command.run(work, Map.of(), line).orFail("linking a Java runtime with the JDK in " + jdk);
  }

  private void archive(Path runtime, Path options) {
    var line = List.of(runtime.resolve("bin/java").toString(), "@" + options, "-Xshare:dump");
    Command.run(work, Map.of(), line).orFail("making the class data archive of " + runtime);
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (var file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
