package io.agentopia.toolbox.local;

import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * The services of the platform: each is a module, a program, an image and a database. This is the
 * one list; what cannot be derived from it is compared with it by a test.
 */
public enum Service {
  GATEWAY("api-gateway", "gateway", 8080, "Toolbox API gateway"),
  PROVISIONER("provisioner-service", "provisioner", 8081, "Toolbox provisioner"),
  HEALTH("health-service", "health", 8082, "Toolbox health"),
  DEPLOYER("deployer-service", "deployer", 8083, "Toolbox deployer");

  /** The agent's module: its program runs on droplets. */
  public static final String AGENT = "dtma-agent";

  /** The simulated cloud's module: it has no database, and no image. */
  public static final String SIMULATOR = "cloud-simulator";

  private final String module;
  private final String database;
  private final int usualPort;
  private final String title;

  Service(String module, String database, int usualPort, String title) {
    this.module = module;
    this.database = database;
    this.usualPort = usualPort;
    this.title = title;
  }

  /** The folder of its sources, and its name as a process and in topics. */
  public String module() {
    return module;
  }

  public String database() {
    return database;
  }

  public int usualPort() {
    return usualPort;
  }

  /** For people, on its image. */
  public String title() {
    return title;
  }

  /**
   * @throws NoSuchElementException there is none of that module
   */
  public static Service of(String module) {
    return Arrays.stream(values())
        .filter(service -> service.module.equals(module))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("there is no service \"" + module + "\""));
  }

  public static List<String> modules() {
    return Arrays.stream(values()).map(Service::module).toList();
  }

  /** The modules whose builds make programs. */
  public static List<String> programs() {
    return Stream.concat(Stream.of(SIMULATOR, AGENT), modules().stream()).toList();
  }
}
