package io.agentopia.toolbox.local.droplets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A container registry on this computer that stands for one in the world; the program is Debian's
 * {@code docker-registry}.
 *
 * @param door what the simulator calls the way to it, and the switch that makes it fail
 * @param repository the agent's image there
 */
public record Registry(String name, String door, int usualPort, String repository) {
  public static final Registry HUB = new Registry("registry-hub", "hub", 5000, "agentopia/dtma");
  public static final Registry GHCR =
      new Registry("registry-ghcr", "ghcr", 5001, "maverick-software/agentopia-dtma");

  /** In the order in which droplets try them. */
  public static final List<Registry> ALL = List.of(HUB, GHCR);

  private static final String PROGRAM = "docker-registry";

  /** The program with its configuration, which is written for it. */
  public List<String> command(Path dir, int port) {
    var config = dir.resolve("config.yml");
    try {
      Files.createDirectories(dir.resolve("data"));
      Files.writeString(config, config(dir.resolve("data"), port));
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + config + " failed", e);
    }
    return List.of(program().orElse(Path.of(PROGRAM)).toString(), "serve", config.toString());
  }

  private static String config(Path data, int port) {
    return """
        version: 0.1
        log: {level: warn}
        storage:
          filesystem: {rootdirectory: "%s"}
          delete: {enabled: true}
        http: {addr: "127.0.0.1:%d"}
        """
        .formatted(data, port);
  }

  /** Where the program is on the PATH. */
  static Optional<Path> program() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(place -> Path.of(place).resolve(PROGRAM))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
