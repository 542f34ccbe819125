package io.agentopia.toolbox.local;

import io.agentopia.toolbox.embedded.DatabaseMain;
import io.agentopia.toolbox.embedded.EmbeddedDatabase;
import io.agentopia.toolbox.embedded.KafkaMain;
import io.agentopia.toolbox.embedded.ReadyFile;
import io.agentopia.toolbox.local.droplets.DropletImages;
import io.agentopia.toolbox.local.droplets.DropletNetwork;
import io.agentopia.toolbox.local.droplets.Droplets;
import io.agentopia.toolbox.local.droplets.Registry;
import io.agentopia.toolbox.local.process.Program;
import io.agentopia.toolbox.local.process.Readiness;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The programs of a stack: how each is started, what it is told, what it waits for. */
public final class Components {
  public static final String KAFKA = "kafka";
  public static final String POSTGRES = "postgres";

  /** In a component's variables: the heap of its JVM, as {@code -Xmx} takes it, not a variable. */
  public static final String HEAP = "HEAP";

  public static final String SIMULATOR = Service.SIMULATOR;
  public static final String PROVISIONER = Service.PROVISIONER.module();
  public static final String HEALTH = Service.HEALTH.module();
  public static final String DEPLOYER = Service.DEPLOYER.module();
  public static final String GATEWAY = Service.GATEWAY.module();

  /** The account that the user's API key of a local stack belongs to. */
  public static final String ACCOUNT = "demo";

  private static final List<String> SMALL_JVM =
      List.of(
          "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--sun-misc-unsafe-memory-access=allow");

  /** Far longer than it takes, also on a small machine with other work. */
  private static final Duration WRITES_ARCHIVE = Duration.ofMinutes(3);

  private final StackOptions options;
  private final Map<String, Integer> ports;
  private final Secrets secrets;
  private final DropletNetwork network;

  Components(StackOptions options, Map<String, Integer> ports, Secrets secrets) {
    this.options = options;
    this.ports = ports;
    this.secrets = secrets;
    this.network = new DropletNetwork(options.dir(), ports);
  }

  List<Program> programs() {
    var infrastructure = Set.of(KAFKA, POSTGRES, SIMULATOR);
    var all = new ArrayList<Program>();
    if (inContainers()) {
      Registry.ALL.forEach(registry -> all.add(registry(registry)));
    }
    all.add(own(KAFKA, KafkaMain.class, "256m", KafkaMain.readyFile(dir(KAFKA)), List.of()));
    all.add(
        own(
            POSTGRES,
            DatabaseMain.class,
            // Unpacking the server, the first time on a machine, takes most of it.
            "192m",
            DatabaseMain.readyFile(dir(POSTGRES)),
            Arrays.stream(Service.values()).map(Service::database).sorted().toList()));
    all.add(quarkus(SIMULATOR, SIMULATOR, "/control/health", Set.of(), simulator()));
    for (var number = 1; number <= options.instances(); number++) {
      // The edge last, so that it ends first: nobody is let in to half a platform.
      for (var service : List.of(Service.values()).reversed()) {
        all.add(service(service, number, infrastructure));
      }
    }
    return all;
  }

  /** The jars that are not there, by the module that makes them. */
  Map<String, Path> notBuilt() {
    var missing = new LinkedHashMap<String, Path>();
    for (var module : Service.programs()) {
      var jar = jar(options.repository(), module);
      if (!Files.exists(jar)) {
        missing.put(module, jar);
      }
    }
    return missing;
  }

  /** Of each program that a stack starts; the agent is started by its droplet. */
  static Map<String, ClassArchive> archives(Path repository) {
    var all = new LinkedHashMap<String, ClassArchive>();
    for (var module : Service.programs()) {
      if (!module.equals(Service.AGENT)) {
        all.put(module, archive(repository, module));
      }
    }
    return all;
  }

  private static ClassArchive archive(Path repository, String module) {
    return new ClassArchive(jar(repository, module), repository.resolve(module).resolve("target"));
  }

  private boolean inContainers() {
    return options.droplets() == Droplets.CONTAINER;
  }

  private Map<String, String> simulator() {
    var all = new HashMap<String, String>();
    all.put("SIMULATOR_TOKEN", secrets.get(Secrets.DIGITALOCEAN_TOKEN));
    all.put("SIMULATOR_DATA_DIR", dir("simulator").toString());
    all.put("SIMULATOR_AGENT_JAR", jar(options.repository(), Service.AGENT).toString());
    if (inContainers()) {
      all.put("SIMULATOR_DROPLETS", Droplets.CONTAINER.word());
      all.put("SIMULATOR_CONTAINERS_IMAGE", DropletImages.DROPLET);
      all.put("SIMULATOR_CONTAINERS_NETWORK_PREFIX", network.prefix());
      all.put("SIMULATOR_CONTAINERS_DOORS", network.doors(GATEWAY));
    }
    return all;
  }

  private Map<String, String> provisioner() {
    var all = new HashMap<String, String>();
    all.put("DIGITALOCEAN_URL", url(SIMULATOR));
    all.put("DIGITALOCEAN_TOKEN", secrets.get(Secrets.DIGITALOCEAN_TOKEN));
    all.put("DTMA_BACKEND_URL", url(GATEWAY));
    all.put("PROVISIONER_WATCH_EMPTY", "30S");
    all.put("PROVISIONER_ORPHAN_GRACE", "5M");
    if (inContainers()) {
      all.put("DTMA_BACKEND_URL", "http://" + network.reached(ports.get(GATEWAY)));
    }
    all.putAll(agentImages());
    return all;
  }

  private Map<String, String> health() {
    var all = new HashMap<>(agentCaller());
    all.putAll(agentImages());
    return all;
  }

  /** What droplets boot from, agents may be moved to. */
  private Map<String, String> agentImages() {
    return inContainers()
        ? Map.of("DTMA_DOCKER_IMAGE_URL", String.join(",", network.agentImages()))
        : Map.of();
  }

  private Program registry(Registry registry) {
    var port = ports.get(registry.name());
    var command = registry.command(dir(registry.name()), port);
    var ready = Readiness.http(URI.create(url(registry.name()) + "/v2/"));
    return program(registry.name(), command, Map.of(), Set.of(), ready);
  }

  private Map<String, String> agentCaller() {
    return Map.of("TOOLBOX_KEYS_FILE", options.keysFile().toString());
  }

  private Map<String, String> gateway() {
    var keys =
        ACCOUNT
            + ":user:%s,operator:operator:%s"
                .formatted(
                    secrets.get(Secrets.USER_API_KEY), secrets.get(Secrets.OPERATOR_API_KEY));
    return Map.of(
        "PROVISIONER_URL", url(PROVISIONER),
        "DEPLOYER_URL", url(DEPLOYER),
        "HEALTH_URL", url(HEALTH),
        "TOOLBOX_KEYS_FILE", options.keysFile().toString(),
        "SESSION_SECRET", secrets.get(Secrets.SESSION_SECRET),
        "TOOLBOX_BOOTSTRAP_API_KEYS", keys);
  }

  /** What every service is told. */
  private Program service(Service service, int number, Set<String> after) {
    var name = instance(service.module(), number);
    var address = "127.0.0.1:" + ports.get(POSTGRES) + "/" + service.database();
    var environment = new HashMap<String, String>();
    environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + ports.get(KAFKA));
    environment.put("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://" + address);
    environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", "postgresql://" + address);
    environment.put("QUARKUS_DATASOURCE_USERNAME", EmbeddedDatabase.USER);
    environment.put("QUARKUS_DATASOURCE_PASSWORD", EmbeddedDatabase.USER);
    environment.put("INTERNAL_API_KEY", secrets.get(Secrets.INTERNAL_API_KEY));
    environment.put("TOOLBOX_INSTANCE", name);
    environment.putAll(
        switch (service) {
          case GATEWAY -> gateway();
          case PROVISIONER -> provisioner();
          case HEALTH -> health();
          case DEPLOYER -> Map.<String, String>of();
        });
    return quarkus(service.module(), name, "/q/health/ready", after, environment);
  }

  /** The first has the service's name. */
  static String instance(String service, int number) {
    return number == 1 ? service : service + "-" + number;
  }

  private Program quarkus(
      String module,
      String name,
      String healthPath,
      Set<String> after,
      Map<String, String> environment) {
    var all = new HashMap<String, String>();
    all.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    all.put("QUARKUS_HTTP_PORT", Integer.toString(ports.get(name)));
    all.putAll(environment);
    all.putAll(options.environment(module));
    var command = java("256m");
    var archive = archive(options.repository(), module);
    command.addAll(options.recording() ? archive.record() : archive.use());
    command.add("-jar");
    command.add(jar(options.repository(), module).toString());
    var ready = Readiness.http(URI.create(url(name) + healthPath));
    var program = program(name, command, all, after, ready);
    return options.recording() ? program.withGrace(WRITES_ARCHIVE) : program;
  }

  /** The broker or the database, in a JVM of its own. */
  private Program own(
      String name, Class<?> main, String heap, ReadyFile readyFile, List<String> arguments) {
    var command = java(heap);
    // The programs of a build say so in their manifest.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add(main.getName());
    command.add(dir(name).toString());
    command.add(Integer.toString(ports.get(name)));
    command.addAll(arguments);
    // By environment: the command line stays short enough to be read, and found, in process lists.
    var environment = Map.of("CLASSPATH", System.getProperty("java.class.path"));
    var ready = Readiness.announced(readyFile, ports.get(name));
    return program(name, command, environment, Set.of(), ready);
  }

  private Program program(
      String name,
      List<String> command,
      Map<String, String> environment,
      Set<String> after,
      Readiness ready) {
    var all = new HashMap<>(environment);
    all.putAll(options.environment(name));
    return new Program(
        name, withHeap(command, all.remove(HEAP)), all, after, ready, ports.get(name));
  }

  private static List<String> withHeap(List<String> command, String heap) {
    return heap == null
        ? command
        : command.stream().map(word -> word.startsWith("-Xmx") ? "-Xmx" + heap : word).toList();
  }

  private List<String> java(String heap) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(Leftovers.mark(options.dir()));
    command.add("-Xmx" + heap);
    command.addAll(SMALL_JVM);
    return command;
  }

  private static Path jar(Path repository, String module) {
    return repository.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
  }

  private Path dir(String name) {
    return options.dir().resolve(name);
  }

  private String url(String name) {
    return "http://127.0.0.1:" + ports.get(name);
  }

  /** In the order they are listed in, with their usual ports; further instances take any. */
  static Map<String, Integer> usualPorts(int instances, Droplets droplets) {
    var ports = new LinkedHashMap<String, Integer>();
    for (var service : Service.values()) {
      ports.put(service.module(), service.usualPort());
    }
    ports.put(SIMULATOR, 8090);
    ports.put(KAFKA, 9092);
    ports.put(POSTGRES, 5432);
    for (var number = 2; number <= instances; number++) {
      for (var service : Service.modules()) {
        ports.put(instance(service, number), 0);
      }
    }
    if (droplets == Droplets.CONTAINER) {
      Registry.ALL.forEach(registry -> ports.put(registry.name(), registry.usualPort()));
    }
    return ports;
  }
}
