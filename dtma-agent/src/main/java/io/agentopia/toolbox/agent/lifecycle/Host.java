package io.agentopia.toolbox.agent.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The machine and the program.
 *
 * @param bootId changes at each boot of the machine
 */
public record Host(String version, String hostname, String bootId) {

  public static Host read(AgentSettings settings, String version) {
    var kernel = settings.procDir().resolve("sys/kernel");
    return new Host(
        version,
        settings.hostname().or(() -> text(kernel.resolve("hostname"))).orElse("unknown"),
        settings.bootId().or(() -> text(kernel.resolve("random/boot_id"))).orElse("unknown"));
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip()).filter(t -> !t.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
