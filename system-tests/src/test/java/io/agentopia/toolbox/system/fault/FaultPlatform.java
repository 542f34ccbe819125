package io.agentopia.toolbox.system.fault;

import static java.util.Map.entry;
import static org.awaitility.Awaitility.await;

import io.agentopia.toolbox.embedded.process.Signal;
import io.agentopia.toolbox.local.LocalStack;
import io.agentopia.toolbox.local.Service;
import io.agentopia.toolbox.local.StackOptions;
import io.agentopia.toolbox.local.process.ManagedProcess;
import io.agentopia.toolbox.system.Api;
import io.agentopia.toolbox.system.Draw;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A platform to break things in: two instances of each service, a quick cloud, short retries.
 * Started once for all fault tests and ended with the JVM.
 */
final class FaultPlatform {
  static final List<String> SERVICES = Service.modules();

  private static FaultPlatform instance;
  private final LocalStack stack;
  private final Path dir;
  private final Random random = new Random(Draw.SEED);

  private FaultPlatform(LocalStack stack, Path dir) {
    this.stack = stack;
    this.dir = dir;
  }

  static synchronized FaultPlatform get() {
    if (instance == null) {
      instance = start();
    }
    return instance;
  }

  private static FaultPlatform start() {
    var dir = directory();
    var options =
        StackOptions.isolated(Path.of("..").toAbsolutePath().normalize(), dir)
            .withInstances(2)
            .with(
                "cloud-simulator",
                Map.ofEntries(
                    entry("SIMULATOR_DOCKER", "simulated"),
                    entry("SIMULATOR_AGENT_KIND", "light"),
                    entry("SIMULATOR_DROPLET_LIMIT", "500"),
                    entry("SIMULATOR_RATE_LIMITS_PER_MINUTE", "10000"),
                    entry("SIMULATOR_RATE_LIMITS_PER_HOUR", "100000"),
                    entry("SIMULATOR_DELAYS_ACTIVE_AFTER", "300ms"),
                    entry("SIMULATOR_DELAYS_ADDRESS_AFTER", "500ms"),
                    entry("SIMULATOR_DELAYS_BOOT_AFTER", "200ms"),
                    entry("SIMULATOR_DELAYS_STAGE_AFTER", "50ms"),
                    entry("SIMULATOR_AGENT_TRIAL_LOOK_EVERY", "1s"),
                    entry("SIMULATOR_DELAYS_DELETE_AFTER", "300ms")));
    for (var service : SERVICES) {
      options =
          options.with(
              service,
              Map.of(
                  "TOOLBOX_MESSAGING_RETRY_DELAYS", "1S,2S,4S,8S",
                  "GATEWAY_HEARTBEAT_EVERY", "3S",
                  "TOOLBOX_LONGEST_IDLE_IN_TRANSACTION", "4s",
                  "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_SESSION_TIMEOUT_MS", "3000",
                  "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_HEARTBEAT_INTERVAL_MS", "500",
                  // So late that a handled event's offset is surely not committed yet.
                  "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_AUTO_COMMIT_INTERVAL_MS", "3000"));
    }
    options =
        options.with(
            "provisioner-service",
            Map.of(
                "PROVISIONER_LISTING_LAG", "3S",
                "PROVISIONER_LEASE", "5S",
                "PROVISIONER_WATCH_BUSY", "1S",
                "PROVISIONER_WATCH_IDLE", "2S",
                "PROVISIONER_CLOUD_BUDGET_PER_MINUTE", "10000",
                "PROVISIONER_CLOUD_BUDGET_PER_HOUR", "100000",
                // Far longer than anything takes on a small machine: a deadline is no part of most
                // stories.
                "PROVISIONER_CREATE_DEADLINE", "180S",
                "PROVISIONER_BOOT_DEADLINE", "90S",
                "PROVISIONER_JOIN_DEADLINE", "90S"));
    var stack = LocalStack.start(options);
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
    return new FaultPlatform(stack, dir);
  }

  private static Path directory() {
    try {
      return Files.createTempDirectory(Files.createDirectories(Path.of("target/stack")), "faults-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path directory(String name) {
    return dir.resolve(name);
  }

  Path root() {
    return dir;
  }

  Random random() {
    return random;
  }

  /** Tries one gateway instance after the other, as a load balancer in front of them would. */
  Api gateway(int attempt) {
    var instance = attempt % 2 == 0 ? "api-gateway" : "api-gateway-2";
    return new Api(stack.url(instance), stack.apiKey()).patient(Duration.ofSeconds(4));
  }

  interface Call {
    Api.Answer on(Api gateway);
  }

  /** Until an answer that is no passing trouble of the server's. */
  Api.Answer insistently(Call call) {
    var answer = new AtomicReference<Api.Answer>();
    var attempt = new int[1];
    await("an answer of the gateway")
        .atMost(Saga.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              try {
                answer.set(call.on(gateway(attempt[0]++)));
                return answer.get().status() < 500 && answer.get().status() != 409;
              } catch (UncheckedIOException e) {
                return false;
              }
            });
    return answer.get();
  }

  Api operator() {
    return new Api(stack.url("api-gateway"), stack.operatorApiKey());
  }

  Api simulator() {
    return new Api(stack.url("cloud-simulator"), stack.digitalOceanToken());
  }

  /**
   * What the agents of new droplets are: {@code light}, played by the simulator, or {@code
   * process}, the real one.
   */
  void agents(String kind) {
    var answer = simulator().put("/control/agents", "{\"kind\": \"" + kind + "\"}");
    if (answer.status() != 200) {
      throw new IllegalStateException("choosing " + kind + " agents: " + answer.body());
    }
  }

  void fault(String json) {
    var answer = simulator().post("/control/faults", json);
    if (answer.status() >= 300) {
      throw new IllegalArgumentException(json + ": " + answer.body());
    }
  }

  void noFaults() {
    simulator().delete("/control/faults");
  }

  Bus bus() {
    return new Bus(stack.bootstrapServers());
  }

  String database(String service) {
    return stack.jdbcUrl(Service.of(service).database());
  }

  ManagedProcess process(String name) {
    return stack.process(name);
  }

  /** SIGKILL of the server itself, not of the process that looks after it. */
  void killDatabaseServer() {
    try {
      var file = directory("postgres/data/postmaster.pid");
      Signal.KILL.send(Long.parseLong(Files.readAllLines(file).getFirst().strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LocalStack stack() {
    return stack;
  }
}
