package io.agentopia.toolbox.local.droplets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The images that container droplets need: their own, the agent's and a tool's in the registries.
 */
public final class DropletImages {
  public static final String DROPLET = "agentopia/droplet:local";
  private static final String TAG = "latest";
  public static final String AGENT = "agentopia/dtma:" + TAG;

  /** For tools, under the name it has on Docker Hub. */
  public static final String TOOL = "debian:bookworm-slim";

  /** Where {@link #TOOL} is in the registry that stands for Docker Hub. */
  public static final String TOOL_ON_HUB = "library/" + TOOL;

  /** Another Debian for the droplets, say {@code debian:trixie-slim}; else {@link #TOOL}. */
  private static final String BASE = "TOOLBOX_DROPLET_BASE";

  private static final long BUILD_MINUTES = 15;
  private final Path repository;

  public DropletImages(Path repository) {
    this.repository = repository;
  }

  /** What container droplets need and is not here, and how to get it; empty: they can be had. */
  public static Optional<String> missing() {
    if (Registry.program().isEmpty()) {
      return Optional.of(
          "there is no docker-registry on the PATH; install it (Debian, Ubuntu: apt-get install docker-registry)");
    }
    if (!succeeds("version")) {
      return Optional.of("no Docker engine answers \"docker version\"; start one");
    }
    return has(AGENT)
        ? Optional.empty()
        : Optional.of(
            "the engine has no image " + AGENT + "; make it with ./toolbox image build dtma");
  }

  /** Before anything starts. The droplet's own image is made here. */
  public void require() {
    missing()
        .ifPresent(
            what -> {
              throw new IllegalStateException(
                  "droplets cannot be containers: " + what + ", or use --droplets=process");
            });
    var base = Optional.ofNullable(System.getenv(BASE)).orElse(TOOL);
    // Unchanged, it costs a second.
    docker(
        "build",
        "-q",
        "--build-arg",
        "BASE=" + base,
        "-t",
        DROPLET,
        repository.resolve("deploy/images/droplet").toString());
  }

  /** Puts the agent into each registry, and the tools' image into the first. */
  public void push(Map<String, Integer> ports) {
    var first = Registry.ALL.getFirst();
    push(AGENT, ports.get(first.name()), first.repository() + ":" + TAG);
    for (var registry : Registry.ALL) {
      if (!registry.equals(first)) {
        new RegistryCopy(place(first, ports), place(registry, ports)).copy(TAG);
      }
    }
    if (has(TOOL)) {
      push(TOOL, ports.get(Registry.HUB.name()), TOOL_ON_HUB);
    }
  }

  private static RegistryCopy.Place place(Registry registry, Map<String, Integer> ports) {
    return new RegistryCopy.Place(ports.get(registry.name()), registry.repository());
  }

  private void push(String image, int port, String repositoryAndTag) {
    var target = "127.0.0.1:" + port + "/" + repositoryAndTag;
    docker("tag", image, target);
    docker("push", "-q", target);
    docker("rmi", "--no-prune", target); // the name only
  }

  private static boolean has(String image) {
    return succeeds("image", "inspect", image);
  }

  private static boolean succeeds(String... arguments) {
    return run(arguments).status == 0;
  }

  private static void docker(String... arguments) {
    var ended = run(arguments);
    if (ended.status != 0) {
      throw new IllegalStateException(
          "docker %s failed with status %d:%n%s"
              .formatted(String.join(" ", arguments), ended.status, ended.said));
    }
  }

  private record Ended(int status, String said) {}

  private static Ended run(String... arguments) {
    var command = new String[arguments.length + 1];
    command[0] = "docker";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return new Ended(-1, said);
      }
      return new Ended(process.exitValue(), said);
    } catch (IOException e) {
      return new Ended(127, "there is no docker on the PATH");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while docker runs"));
    }
  }
}
