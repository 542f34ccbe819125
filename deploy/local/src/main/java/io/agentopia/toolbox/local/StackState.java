package io.agentopia.toolbox.local;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.agentopia.toolbox.embedded.process.Ending;
import io.agentopia.toolbox.local.process.ProcessView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stack tells other commands about itself, in {@code stack.json}.
 *
 * @param supervisorPid the process that keeps the others running
 * @param supervisorStartedAt tells it from a later process with the same id
 * @param failure why it did not start; null: it did
 */
public record StackState(
    Phase phase,
    long supervisorPid,
    Instant supervisorStartedAt,
    Instant startedAt,
    Instant readyAt,
    String failure,
    Map<String, Integer> ports,
    List<ProcessView> processes) {

  public enum Phase {
    STARTING,
    READY,
    STOPPING,
    STOPPED,
    FAILED
  }

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /** What stands there; empty when there never was a stack, or the file cannot be understood. */
  public static Optional<StackState> read(Path file) {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), StackState.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Readers see the old or the new one, never half of it. */
  void write(Path file) {
    try {
      var made = file.resolveSibling(file.getFileName() + ".new");
      Files.write(made, JSON.writeValueAsBytes(this));
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file + " failed", e);
    }
  }

  /** Has the next stack take the usual ports, or any, as if there had been none before. */
  public static void forgetPorts(Path file) {
    read(file)
        .map(
            s ->
                new StackState(
                    s.phase,
                    s.supervisorPid,
                    s.supervisorStartedAt,
                    s.startedAt,
                    s.readyAt,
                    s.failure,
                    Map.of(),
                    s.processes))
        .ifPresent(s -> s.write(file));
  }

  /** The supervisor, if that very process is still there. */
  public Optional<ProcessHandle> supervisor() {
    return ProcessHandle.of(supervisorPid)
        .filter(p -> !Ending.isGone(p))
        .filter(p -> p.info().startInstant().equals(Optional.ofNullable(supervisorStartedAt)));
  }

  public String url(String name) {
    return "http://127.0.0.1:" + ports.get(name);
  }
}
