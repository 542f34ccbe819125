package io.agentopia.toolbox.local;

import io.agentopia.toolbox.local.droplets.DropletImages;
import io.agentopia.toolbox.local.droplets.DropletNetwork;
import io.agentopia.toolbox.local.droplets.Droplets;
import io.agentopia.toolbox.local.droplets.Registry;
import io.agentopia.toolbox.local.keys.KeyRingFile;
import io.agentopia.toolbox.local.process.Backoff;
import io.agentopia.toolbox.local.process.ManagedProcess;
import io.agentopia.toolbox.local.process.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * The whole platform as processes of this machine: broker, database, simulated cloud and services.
 * Everything it keeps is in one directory, where the next start finds it again.
 */
public final class LocalStack implements AutoCloseable {
  private final Options options;
  private final Path stateFile;
  private final StackLock lock;
  private final Map<String, Integer> ports;
  private final Secrets secrets;
  private final Supervisor supervisor;
  private final Instant startedAt = Instant.now();
  private StackState.Phase phase = StackState.Phase.STARTING;
  private Instant readyAt;
  private String failure;

  /**
   * Where and how.
   *
   * @param dir data, logs and state; made if it does not exist
   * @param repository the checkout whose build is run
   * @param usualPorts whether the usual ports are tried first; false: any free ones
   * @param instances of each service; the second of {@code x} is called {@code x-2}
   * @param droplets what a droplet is
   * @param recording whether the services record what their start loads, see {@link StartRecording}
   * @param environment by component, on top of what it is told anyway
   * @param patience until everything has to be ready
   * @param listener is shown each change, from any thread
   */
  public record Options(
      Path dir,
      Path repository,
      boolean usualPorts,
      int instances,
      Droplets droplets,
      boolean recording,
      Map<String, Map<String, String>> environment,
      Duration patience,
      Consumer<StackState> listener) {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Map<String, String> NO_QUOTAS =
        Map.of(
            "GATEWAY_QUOTAS_TOOLBOXES", "100000",
            "GATEWAY_QUOTAS_REQUESTS_PER_MINUTE", "1000000",
            "GATEWAY_QUOTAS_STREAMS", "1000",
            "GATEWAY_AGENT_CALLS_PER_MINUTE", "1000000");

    public Options {
      dir = dir.toAbsolutePath().normalize();
      repository = repository.toAbsolutePath().normalize();
    }

    /** As people start it: the usual ports, data in {@code .local}, droplets as they were. */
    public static Options usual(Path repository) {
      var dir = repository.resolve(".local");
      var droplets = Droplets.of(dir).orElse(Droplets.PROCESS);
      return new Options(dir, repository, true, 1, droplets, false, Map.of(), PATIENCE, s -> {});
    }

    /**
     * As tests and measurements start it: any ports, data in a directory of their own, and one
     * account and key for more than quotas allow a single one.
     */
    public static Options isolated(Path repository, Path dir) {
      var environment = Map.of(Components.GATEWAY, NO_QUOTAS);
      return new Options(
          dir, repository, false, 1, Droplets.PROCESS, false, environment, PATIENCE, s -> {});
    }

    Options thatRecords() {
      return new Options(
          dir, repository, usualPorts, instances, droplets, true, environment, patience, listener);
    }

    public Options withDroplets(Droplets kind) {
      return new Options(
          dir, repository, usualPorts, instances, kind, recording, environment, patience, listener);
    }

    public Options with(String component, Map<String, String> variables) {
      var all = new HashMap<>(environment);
      all.merge(
          component,
          variables,
          (a, b) -> {
            var both = new HashMap<>(a);
            both.putAll(b);
            return both;
          });
      return new Options(
          dir, repository, usualPorts, instances, droplets, recording, all, patience, listener);
    }

    public Options withInstances(int number) {
      return new Options(
          dir,
          repository,
          usualPorts,
          number,
          droplets,
          recording,
          environment,
          patience,
          listener);
    }

    /** On a machine that is busy with something else a start takes its time. */
    public Options withPatience(Duration untilReady) {
      return new Options(
          dir,
          repository,
          usualPorts,
          instances,
          droplets,
          recording,
          environment,
          untilReady,
          listener);
    }

    public Options listeningWith(Consumer<StackState> listener) {
      return new Options(
          dir,
          repository,
          usualPorts,
          instances,
          droplets,
          recording,
          environment,
          patience,
          listener);
    }

    /** The keys of agents and services, which {@code ./toolbox keys} rotates. */
    public Path keysFile() {
      return dir.resolve("keys.json");
    }

    public Path stateFile() {
      return dir.resolve("stack.json");
    }
  }

  private LocalStack(Options options, StackLock lock) {
    this.options = options;
    this.lock = lock;
    this.stateFile = options.stateFile();
    this.ports = choosePorts(options);
    this.secrets =
        Secrets.loadOrCreate(options.dir().resolve("secrets.properties"), new SecureRandom());
    makeKeys(options, secrets);
    var components = new Components(options, ports, secrets);
    requireBuilt(components);
    options.droplets().claim(options.dir());
    if (options.droplets() == Droplets.CONTAINER) {
      new DropletImages(options.repository()).require();
    }
    var atOnce = Math.max(2, Runtime.getRuntime().availableProcessors());
    this.supervisor =
        new Supervisor(
            components.programs(),
            options.dir().resolve("logs"),
            Backoff.USUAL,
            atOnce,
            this::publish);
  }

  private static void makeKeys(Options options, Secrets secrets) {
    var ring = new KeyRingFile(options.keysFile(), new SecureRandom());
    if (!ring.exists()) {
      var given = new HashMap<String, String>();
      given.put(KeyRingFile.AGENT_TOKEN, secrets.get(Secrets.AGENT_TOKEN_SECRET));
      given.put(KeyRingFile.BACKEND_TO_DTMA, secrets.get(Secrets.BACKEND_TO_DTMA_API_KEY));
      ring.generate(given);
    }
  }

  /** Starts everything and returns when it is ready; nothing is left running when it cannot be. */
  public static LocalStack start(Options options) {
    var stack = launch(options);
    try {
      stack.awaitReady();
      return stack;
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  /**
   * Begins to start everything; {@link #awaitReady} has to follow, and in the end {@link #close}.
   */
  public static LocalStack launch(Options options) {
    var lock = StackLock.take(options.dir());
    try {
      new Leftovers(options.dir()).end();
      var stack = new LocalStack(options, lock);
      // Whatever ends this JVM, short of SIGKILL, ends the stack too.
      Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop-stack"));
      stack.publish();
      stack.supervisor.start();
      return stack;
    } catch (IOException e) {
      lock.close();
      throw new UncheckedIOException("ending the processes of an earlier stack failed", e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  public void awaitReady() {
    try {
      var images = CompletableFuture.runAsync(this::fillRegistries, Thread::startVirtualThread);
      supervisor.awaitReady(options.patience());
      awaitDone(images);
      readyAt = Instant.now();
      become(StackState.Phase.READY);
    } catch (RuntimeException e) {
      failure = e.getMessage();
      become(StackState.Phase.FAILED);
      throw e;
    }
  }

  /** While the services start, which takes as long. */
  private void fillRegistries() {
    if (options.droplets() == Droplets.CONTAINER) {
      Registry.ALL.forEach(r -> supervisor.process(r.name()).awaitReady(options.patience()));
      new DropletImages(options.repository()).push(ports);
    }
  }

  private static void awaitDone(CompletableFuture<Void> work) {
    try {
      work.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Where container droplets are, and what they reach. */
  public DropletNetwork dropletNetwork() {
    return new DropletNetwork(options.dir(), ports);
  }

  /** The address of a service or of the simulator, without a slash at the end. */
  public String url(String name) {
    return "http://127.0.0.1:" + port(name);
  }

  public int port(String name) {
    return Optional.ofNullable(ports.get(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no \"%s\"; there are %s".formatted(name, ports.keySet())));
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port(Components.KAFKA);
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port(Components.POSTGRES) + "/" + database;
  }

  /** The account that {@link #apiKey} belongs to. */
  public String account() {
    return Components.ACCOUNT;
  }

  public String apiKey() {
    return secrets.get(Secrets.USER_API_KEY);
  }

  public String operatorApiKey() {
    return secrets.get(Secrets.OPERATOR_API_KEY);
  }

  public String digitalOceanToken() {
    return secrets.get(Secrets.DIGITALOCEAN_TOKEN);
  }

  /** To kill, pause, restart it, and to read its log. */
  public ManagedProcess process(String name) {
    return supervisor.process(name);
  }

  public StackState state() {
    var self = ProcessHandle.current();
    return new StackState(
        phase,
        self.pid(),
        self.info().startInstant().orElse(null),
        startedAt,
        readyAt,
        failure,
        ports,
        supervisor.view());
  }

  /** Ends everything, in the reverse order; nothing of it runs any more when this returns. */
  @Override
  public void close() {
    synchronized (lock) {
      if (lock.isHeld()) {
        end();
      }
    }
  }

  private void end() {
    if (phase != StackState.Phase.FAILED) {
      become(StackState.Phase.STOPPING);
    }
    supervisor.close();
    try {
      new Leftovers(options.dir()).end();
    } catch (IOException e) {
      throw new UncheckedIOException("ending what was left running failed", e);
    } finally {
      if (phase != StackState.Phase.FAILED) {
        become(StackState.Phase.STOPPED);
      }
      lock.close();
    }
  }

  private void become(StackState.Phase next) {
    phase = next;
    publish();
  }

  private synchronized void publish() {
    // A keeper may speak before the constructor of its stack has ended.
    if (supervisor != null) {
      var state = state();
      state.write(stateFile);
      options.listener().accept(state);
    }
  }

  private static Map<String, Integer> choosePorts(Options options) {
    var usual = Components.usualPorts(options.instances(), options.droplets());
    if (!options.usualPorts()) {
      usual.replaceAll((name, port) -> 0);
    }
    var last = StackState.read(options.stateFile()).map(StackState::ports).orElse(Map.of());
    return Ports.choose(usual, last, Ports::isFree, Ports::anyFree);
  }

  private static void requireBuilt(Components components) {
    var missing = components.notBuilt();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "not built: %s (missing: %s). Build with ./mvnw install -DskipTests, or start with ./toolbox, which builds what is missing."
              .formatted(String.join(", ", missing.keySet()), missing.values()));
    }
  }
}
