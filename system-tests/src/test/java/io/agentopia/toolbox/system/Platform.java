package io.agentopia.toolbox.system;

import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The whole platform as processes, started once for all stories and ended with the JVM. */
final class Platform {
  private static Platform instance;
  private final LocalStack stack;
  private final Path dir;

  private Platform(LocalStack stack, Path dir) {
    this.stack = stack;
    this.dir = dir;
  }

  static synchronized Platform get() {
    if (instance == null) {
      instance = start();
    }
    return instance;
  }

  private static Platform start() {
    var repository = Path.of("..").toAbsolutePath().normalize();
    var dir = directory();
    var options =
        StackOptions.isolated(repository, dir)
            // A lost droplet is missed by two looks in a row: not half a minute apart.
            .with("provisioner-service", Map.of("PROVISIONER_WATCH_IDLE", "5S"));
    var stack = LocalStack.start(options);
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
    return new Platform(stack, dir);
  }

  /** The ring that the services read again and again. */
  Path keysFile() {
    return dir.resolve("keys.json");
  }

  /** Below target, so that the logs of a failed run are found. */
  private static Path directory() {
    try {
      var runs = Files.createDirectories(Path.of("target/stack"));
      return Files.createTempDirectory(runs, "run-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Api user() {
    return new Api(stack.url("api-gateway"), stack.apiKey());
  }

  Api userWithIdempotencyKey(String key) {
    return user().with("Idempotency-Key", key);
  }

  /** Somebody with a key nobody gave out. */
  Api stranger() {
    return new Api(stack.url("api-gateway"), "tbx_stranger");
  }

  String account() {
    return stack.account();
  }

  String bootstrapServers() {
    return stack.bootstrapServers();
  }

  /** The droplets the cloud lists for a toolbox. */
  List<Long> liveDroplets(String toolboxId) {
    var listed =
        new Api(stack.url("cloud-simulator"), stack.digitalOceanToken())
            .get("/v2/droplets?per_page=200&tag_name=toolbox:" + toolboxId);
    return StreamSupport.stream(listed.body().path("droplets").spliterator(), false)
        .map(d -> d.path("id").asLong())
        .toList();
  }

  /** As somebody would in the cloud's control panel. */
  void deleteDroplet(long droplet) {
    control().delete("/v2/droplets/" + droplet);
  }

  /** 0 while no agent process runs on the droplet. */
  long agentPid(long droplet) {
    var machine = control().get("/control/droplets/" + droplet).body().path("machine");
    return machine.path("agentAlive").asBoolean() ? machine.path("pid").asLong() : 0;
  }

  void killAgent(long droplet) {
    control().post("/control/droplets/" + droplet + "/kill-agent", "{}");
  }

  /** SIGKILL; the supervisor starts it again. Returns when it answers again. */
  void kill(String service) {
    stack.process(service).kill();
    stack.process(service).awaitReady(Duration.ofSeconds(60));
  }

  /** It ends, and is not started again before {@link #start}. */
  void stop(String service) {
    stack.process(service).stop();
  }

  void start(String service) {
    stack.process(service).start();
    stack.process(service).awaitReady(Duration.ofSeconds(60));
  }

  private Api control() {
    return new Api(stack.url("cloud-simulator"), stack.digitalOceanToken());
  }
}
