package io.agentopia.toolbox.bench.footprint;

import io.agentopia.toolbox.local.images.DockerCli;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** An agent's container, run as deploy/images/README.md says: nothing but what it needs. */
public final class AgentContainer implements AutoCloseable {
  private static final String SOCKET = "/var/run/docker.sock";
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /** {@code jdk} null: the runtime and the flags of the image; else that JDK, with no flags. */
  public record Start(String image, URI backend, int port, Path jdk) {}

  private final DockerCli docker;
  private final String id;
  private final URI health;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER).build();

  private AgentContainer(DockerCli docker, String id, int port) {
    this.docker = docker;
    this.id = id;
    this.health = URI.create("http://127.0.0.1:" + port + "/health");
  }

  public static AgentContainer start(DockerCli docker, Start start) {
    var line = new ArrayList<>(List.of("run", "--detach", "--network", "host"));
    line.addAll(List.of("--read-only", "--tmpfs", "/tmp:size=16m", "--cap-drop", "ALL"));
    line.addAll(
        List.of("--security-opt", "no-new-privileges", "--group-add", socketGroup(docker, start)));
    line.addAll(List.of("--volume", SOCKET + ":" + SOCKET));
    // In place of a volume, which would have to be told from those of others, and removed.
    line.addAll(List.of("--tmpfs", "/var/lib/dtma:uid=10001,gid=10001,mode=0700,size=1m"));
    line.addAll(List.of("--env", "DTMA_BACKEND_URL=" + start.backend()));
    line.addAll(List.of("--env", "DTMA_JOIN_TOKEN=stand-in", "--env", "DTMA_HOST=127.0.0.1"));
    line.addAll(List.of("--env", "DTMA_PORT=" + start.port(), "--health-interval", "1s"));
    if (start.jdk() == null) {
      line.add(start.image());
    } else {
      line.addAll(List.of("--volume", start.jdk() + ":/jdk:ro", "--env", "MALLOC_ARENA_MAX="));
      line.addAll(List.of("--entrypoint", "/jdk/bin/java", start.image()));
      line.addAll(List.of("-jar", "/opt/app/quarkus-run.jar"));
    }
    var ran = docker.docker(line.toArray(String[]::new)).orFail("running " + start.image());
    return new AgentContainer(docker, ran.output().strip(), start.port());
  }

  /** As the engine's machine sees it: where that is not this machine, the numbers differ. */
  private static String socketGroup(DockerCli docker, Start start) {
    return docker
        .docker(
            "run",
            "--rm",
            "--network",
            "none",
            "--read-only",
            "--entrypoint",
            "stat",
            "--volume",
            SOCKET + ":" + SOCKET,
            start.image(),
            "-c",
            "%g",
            SOCKET)
        .orFail("finding the group of " + SOCKET)
        .output()
        .strip();
  }

  public String id() {
    return id;
  }

  /** When the process began, by the engine's clock. */
  public Instant startedAt() {
    return Instant.parse(docker.inspect(id, "{{.State.StartedAt}}"));
  }

  /** The status of /health; empty while nothing answers. */
  public OptionalInt health() throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(health).timeout(ANSWER).build();
      return OptionalInt.of(client.send(request, BodyHandlers.discarding()).statusCode());
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  /** What of the process is in memory, in bytes. */
  public long residentBytes() {
    var status = exec("cat", "/proc/1/status");
    var found = RESIDENT.matcher(status);
    if (!found.find()) {
      throw new IllegalStateException(
          "no VmRSS in /proc/1/status of container " + id + ":\n" + status);
    }
    return Long.parseLong(found.group(1)) * 1024;
  }

  /** User and system time of the process so far. */
  public Duration processorTime() {
    // Fields 14 and 15, in ticks of 10 ms; the name before them holds no space.
    var fields = exec("cat", "/proc/1/stat").strip().split(" ");
    return Duration.ofMillis((Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * 10);
  }

  public String exec(String... command) {
    var line = new ArrayList<>(List.of("exec", id));
    line.addAll(List.of(command));
    return docker.docker(line.toArray(String[]::new)).orFail("running in container " + id).output();
  }

  public String inspect(String format) {
    return docker.inspect(id, format);
  }

  public String logs() {
    return docker.docker("logs", id).output();
  }

  @Override
  public void close() {
    client.close();
    docker.docker("rm", "--force", "--volumes", id);
  }
}
