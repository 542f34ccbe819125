package io.agentopia.toolbox.agent.identity;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.agentopia.toolbox.agent.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * {@code agent.json}, readable by its owner only. It is replaced as a whole: written beside, forced
 * to disk, then moved over the old one, so a power cut leaves either the old state or the new.
 */
public final class StateFile implements StateStorage {
  private static final String NAME = "agent.json";
  private final Path directory;

  public StateFile(Path directory) {
    this.directory = directory;
  }

  public Path path() {
    return directory.resolve(NAME);
  }

  /**
   * @throws UnreadableStateException the file is there but holds no state (a damaged disk)
   * @throws IOException it cannot be read at all
   */
  @Override
  public Optional<AgentState> read() throws IOException {
    try {
      var state = Json.MAPPER.readValue(Files.readAllBytes(path()), AgentState.class);
      if (state == null || state.identity() != null && state.identity().toolboxId() == null) {
        throw new UnreadableStateException("it holds no toolbox id", null);
      }
      return Optional.of(state);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      // The original message quotes no content beyond a token; the location's source is left out.
      throw new UnreadableStateException("it is not the JSON the agent writes", e);
    }
  }

  @Override
  public void write(AgentState state) throws IOException {
    prepareDirectory();
    var beside = directory.resolve(NAME + ".new");
    Files.deleteIfExists(beside);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var file = FileChannel.open(beside, Set.of(CREATE_NEW, WRITE), ownerOnly)) {
      var bytes = ByteBuffer.wrap(Json.MAPPER.writeValueAsBytes(state));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(beside, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var folder = FileChannel.open(directory, READ)) {
      folder.force(true);
    }
  }

  /** Puts an unreadable file out of the way, for a person to look at. */
  public Path setAside() throws IOException {
    var aside = directory.resolve(NAME + ".unreadable");
    return Files.move(path(), aside, StandardCopyOption.REPLACE_EXISTING);
  }

  private void prepareDirectory() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  @Override
  public String toString() {
    return path().toString();
  }

  /** The state file exists but does not hold what the agent writes. */
  public static final class UnreadableStateException extends IOException {
    UnreadableStateException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
