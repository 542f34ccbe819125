package io.agentopia.toolbox.agent.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentopia.toolbox.agent.identity.Moves;
import io.agentopia.toolbox.agent.tools.PinnedImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The directory {@code upgrade}, by which the agent and the droplet's own script speak of images:
 * {@code next} and {@code confirmed} are the agent's words, {@code failed} is the script's.
 */
public final class HostFiles {
  private final Path directory;

  public HostFiles(Path stateDir) {
    this.directory = stateDir.resolve("upgrade");
  }

  /** Asks the droplet to start the agent from this image the next time. */
  void writeNext(PinnedImage image) throws IOException {
    write("next", image);
  }

  /** Says that the agent of this image is sound. */
  void writeConfirmed(PinnedImage image) throws IOException {
    var already = text("confirmed").flatMap(PinnedImage::parse);
    if (already.isEmpty() || !already.get().equals(image)) {
      write("confirmed", image);
    }
  }

  /**
   * The wish that an agent before this one left, if the droplet has not taken it. It is read once.
   */
  Optional<PinnedImage> takeLeftNext() throws IOException {
    var left = text("next").flatMap(PinnedImage::parse);
    Files.deleteIfExists(directory.resolve("next"));
    return left;
  }

  /** The image that the droplet gave up, and why. It is read once. */
  Optional<Moves.Failed> takeFailed() throws IOException {
    var lines = text("failed").map(t -> t.lines().toList());
    Files.deleteIfExists(directory.resolve("failed"));
    return lines
        .filter(l -> !l.isEmpty() && PinnedImage.parse(l.getFirst()).isPresent())
        .map(l -> new Moves.Failed(l.getFirst(), l.size() > 1 ? l.get(1) : "no reason was left"));
  }

  private Optional<String> text(String name) throws IOException {
    try {
      return Optional.of(new String(Files.readAllBytes(directory.resolve(name)), UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** As a whole: the script reads it whenever it likes, also after a power cut. */
  private void write(String name, PinnedImage image) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    var beside = directory.resolve(name + ".new");
    Files.writeString(beside, image + "\n");
    try (var file = FileChannel.open(beside, Set.of(StandardOpenOption.WRITE))) {
      file.force(true);
    }
    Files.move(
        beside,
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
