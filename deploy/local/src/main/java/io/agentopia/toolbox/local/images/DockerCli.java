package io.agentopia.toolbox.local.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The docker command: it knows the engine's place and the registries' credentials. */
public final class DockerCli {
  private static final Pattern DIGEST = Pattern.compile("digest: (sha256:[0-9a-f]{64})");

  /** An attestation says when it was built, and would give each build another digest. */
  private static final Map<String, String> SETTINGS = Map.of("BUILDX_NO_DEFAULT_ATTESTATIONS", "1");

  private final Path directory;

  public DockerCli(Path directory) {
    this.directory = directory;
  }

  /** Operating system and architecture of the engine, for example {@code linux/amd64}. */
  public Optional<String> platform() {
    var ended = docker("version", "--format", "{{.Server.Os}}/{{.Server.Arch}}");
    return ended.ok() ? Optional.of(ended.output().strip()) : Optional.empty();
  }

  String requiredPlatform() {
    return platform()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no Docker engine answers: %s%nStart one (systemctl start docker, Docker Desktop, or dockerd as root) or set DOCKER_HOST."
                        .formatted(docker("version").tail())));
  }

  public boolean has(String image) {
    return docker("image", "inspect", image).ok();
  }

  /** Pulled when it is not there. */
  void provide(String image) {
    if (has(image)) {
      return;
    }
    var pulled = docker("pull", "--quiet", image);
    if (!pulled.ok()) {
      throw new IllegalStateException(
          """
          there is no base image %s, and pulling it failed:
          %s
          Where no registry is in reach, Debian's packages make one (as root):
            debootstrap --variant=minbase bookworm /tmp/root && tar -C /tmp/root -c . | docker import - %s"""
              .formatted(image, pulled.tail(), image));
    }
  }

  Command build(List<String> arguments, Path context) {
    var line = new ArrayList<>(List.of("build"));
    line.addAll(arguments);
    line.add(context.toString());
    return docker(line.toArray(String[]::new));
  }

  Command tag(String image, String name) {
    return docker("tag", image, name);
  }

  /** The digest under which the registry keeps it; empty with the reason printed by the caller. */
  Push push(String reference) {
    var ended = docker("push", reference);
    var digest = DIGEST.matcher(ended.output());
    return ended.ok() && digest.find()
        ? new Push(reference, digest.group(1), null)
        : new Push(reference, null, ended.tail());
  }

  /** How a push ended: {@code refusal} is null when it is there. */
  public record Push(String reference, String digest, String refusal) {
    public boolean ok() {
      return refusal == null;
    }
  }

  public String inspect(String image, String format) {
    return docker("inspect", "--format", format, image)
        .orFail("looking at " + image)
        .output()
        .strip();
  }

  public Command docker(String... arguments) {
    var line = new ArrayList<>(List.of("docker"));
    line.addAll(List.of(arguments));
    return Command.run(directory, SETTINGS, line);
  }
}
