package io.agentopia.toolbox.provisioner.cloud;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The cloud simulator as a process of its own: it speaks DigitalOcean's API, so the adapter under
 * test cannot tell it apart.
 */
public class SimulatorResource implements QuarkusTestResourceLifecycleManager {
  static final String TOKEN = "test-token";
  private static final Path JAR =
      Path.of("../cloud-simulator/target/quarkus-app/quarkus-run.jar").toAbsolutePath().normalize();
  private static String url;
  private Map<String, String> settings = Map.of();
  private Process process;

  public static String url() {
    return url;
  }

  /** Settings of the simulator, as its environment names them. */
  @Override
  public void init(Map<String, String> settings) {
    this.settings = settings;
  }

  @Override
  public Map<String, String> start() {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException(
          "the contract test needs the simulator, and "
              + JAR
              + " is missing. Build it with ./mvnw -pl cloud-simulator -am package -DskipTests.");
    }
    try {
      var port = freePort();
      url = "http://127.0.0.1:" + port;
      process = launch(port);
    } catch (IOException e) {
      throw new IllegalStateException("starting the simulator failed: " + e.getMessage(), e);
    }
    Awaitility.await("the simulator to answer")
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(SimulatorResource::answers);
    return Map.of("quarkus.rest-client.digitalocean.url", url);
  }

  private Process launch(int port) throws IOException {
    var dir = Files.createTempDirectory("toolbox-simulator");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
                java,
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString())
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target/simulator.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "SIMULATOR_TOKEN", TOKEN,
                "SIMULATOR_DATA_DIR", dir.toString(),
                "SIMULATOR_DOCKER", "simulated",
                "SIMULATOR_AGENT_COMMAND", "sleep,600",
                "SIMULATOR_DELAYS_ACTIVE_AFTER", "300ms",
                "SIMULATOR_DELAYS_ADDRESS_AFTER", "500ms",
                "SIMULATOR_DELAYS_DELETE_AFTER", "300ms",
                "QUARKUS_HTTP_PORT", Integer.toString(port)));
    builder.environment().putAll(settings);
    return builder.start();
  }

  private static boolean answers() throws IOException {
    var connection =
        (HttpURLConnection) URI.create(url + "/control/health").toURL().openConnection();
    connection.setConnectTimeout(1000);
    connection.setReadTimeout(1000);
    return connection.getResponseCode() == 200;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void stop() {
    if (process != null) {
      process.destroy();
    }
  }
}
