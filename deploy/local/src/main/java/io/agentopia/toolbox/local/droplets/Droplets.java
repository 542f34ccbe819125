package io.agentopia.toolbox.local.droplets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What the droplets of a stack are. Its data fits one kind only, so the first start decides. */
public enum Droplets {
  /** The agent as a process: needs no Docker, boots at once. */
  PROCESS,
  /** A container with systemd, the real cloud-init and a Docker engine of its own. */
  CONTAINER;

  private static final String FILE = "droplets";

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What the stack in that directory was started with. */
  public static Optional<Droplets> of(Path dir) {
    var file = dir.resolve(FILE);
    try {
      return Files.exists(file)
          ? Optional.of(valueOf(Files.readString(file).strip().toUpperCase(Locale.ROOT)))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file + " failed", e);
    }
  }

  /** Writes down the kind; refuses a directory whose droplets are of the other. */
  public void claim(Path dir) {
    var before = of(dir).orElse(Files.exists(dir.resolve("simulator")) ? PROCESS : this);
    if (before != this) {
      throw new IllegalStateException(
          "the droplets in %s are of kind \"%s\", not \"%s\": start it with --droplets=%s, or delete the directory to begin anew"
              .formatted(dir, before.word(), word(), before.word()));
    }
    try {
      Files.createDirectories(dir);
      Files.writeString(dir.resolve(FILE), word() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + dir.resolve(FILE) + " failed", e);
    }
  }
}
