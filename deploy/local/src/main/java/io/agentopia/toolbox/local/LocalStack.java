package io.agentopia.toolbox.local;

import io.agentopia.toolbox.embedded.Ports;
import io.agentopia.toolbox.local.droplets.DropletImages;
import io.agentopia.toolbox.local.droplets.DropletNetwork;
import io.agentopia.toolbox.local.droplets.Droplets;
import io.agentopia.toolbox.local.droplets.Registry;
import io.agentopia.toolbox.local.keys.KeysFile;
import io.agentopia.toolbox.local.process.Backoff;
import io.agentopia.toolbox.local.process.ManagedProcess;
import io.agentopia.toolbox.local.process.Supervisor;
import io.agentopia.toolbox.runtime.security.KeyRingFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The whole platform as processes of this machine: broker, database, simulated cloud and services.
 * Everything it keeps is in one directory, where the next start finds it again.
 */
public final class LocalStack implements AutoCloseable {
  private final StackOptions options;
  private final Path stateFile;
  private final StackLock lock;
  private final Map<String, Integer> ports;
  private final Secrets secrets;
  private final Supervisor supervisor;
  private final Instant startedAt = Instant.now();
  private StackState.Phase phase = StackState.Phase.STARTING;
  private Instant readyAt;
  private String failure;

  private LocalStack(StackOptions options, StackLock lock) {
    this.options = options;
    this.lock = lock;
    this.stateFile = options.stateFile();
    this.ports = choosePorts(options);
    this.secrets = Secrets.loadOrCreate(options.dir().resolve("secrets.properties"));
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

  private static void makeKeys(StackOptions options, Secrets secrets) {
    var keys = new KeysFile(options.keysFile());
    if (!keys.exists()) {
      var given = new HashMap<String, String>();
      given.put(KeyRingFile.AGENT_TOKEN, secrets.get(Secrets.AGENT_TOKEN_SECRET));
      given.put(KeyRingFile.BACKEND_TO_DTMA, secrets.get(Secrets.BACKEND_TO_DTMA_API_KEY));
      keys.generate(given);
    }
  }

  /** Starts everything and returns when it is ready; nothing is left running when it cannot be. */
  public static LocalStack start(StackOptions options) {
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
  public static LocalStack launch(StackOptions options) {
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

  private static Map<String, Integer> choosePorts(StackOptions options) {
    var usual = Components.usualPorts(options.instances(), options.droplets());
    if (!options.usualPorts()) {
      usual.replaceAll((name, port) -> 0);
    }
    var last = StackState.read(options.stateFile()).map(StackState::ports).orElse(Map.of());
    return PortChoice.of(usual, last, Ports::isFree, Ports::anyFree);
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
