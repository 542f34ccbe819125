package io.agentopia.toolbox.agent.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentopia.toolbox.agent.identity.ImageHistory;
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

/** The directory {@code upgrade} in the agent's own. */
public final class UpgradeDirectory implements UpgradeFiles {
  private final Path directory;

  public UpgradeDirectory(Path stateDir) {
    this.directory = stateDir.resolve("upgrade");
  }

  @Override
  public void writeNext(PinnedImage image) throws IOException {
    write("next", image);
  }

  @Override
  public void writeConfirmed(PinnedImage image) throws IOException {
    var already = text("confirmed").flatMap(PinnedImage::parse);
    if (already.isEmpty() || !already.get().equals(image)) {
      write("confirmed", image);
    }
  }

  @Override
  public Optional<PinnedImage> takeLeftNext() throws IOException {
    var left = text("next").flatMap(PinnedImage::parse);
    Files.deleteIfExists(directory.resolve("next"));
    return left;
  }

  @Override
  public Optional<ImageHistory.Failed> takeFailed() throws IOException {
    var lines = text("failed").map(t -> t.lines().toList());
    Files.deleteIfExists(directory.resolve("failed"));
    return lines
        .filter(l -> !l.isEmpty() && PinnedImage.parse(l.getFirst()).isPresent())
        .map(
            l ->
                new ImageHistory.Failed(
                    l.getFirst(), l.size() > 1 ? l.get(1) : "no reason was left"));
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
