package io.agentopia.toolbox.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.sun.net.httpserver.HttpServer;
import io.agentopia.toolbox.local.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** An image registry on this machine. Engines take loopback addresses without TLS. */
final class Registry implements AutoCloseable {
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final String DENIED =
      "{\"errors\": [{\"code\": \"DENIED\", \"message\": \"denied: requested access is refused\"}]}";
  private final int port;
  private final AutoCloseable server;

  private Registry(int port, AutoCloseable server) {
    this.port = port;
    this.server = server;
  }

  /** Debian's docker-registry: the real one. */
  static Registry start(Path directory) throws IOException {
    Files.createDirectories(directory);
    var port = Ports.anyFree();
    var config = directory.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: error}
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: "127.0.0.1:%d"}
        """
            .formatted(directory.resolve("data"), port));
    Process process;
    try {
      process =
          new ProcessBuilder("docker-registry", "serve", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      return abort("docker-registry is not installed (the Debian package of that name)");
    }
    var registry = new Registry(port, () -> process.destroyForcibly().waitFor());
    await("a registry that answers")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> registry.get("/v2/").statusCode() == 200);
    return registry;
  }

  /** One where nobody may write. */
  static Registry refusing() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var mayPing = exchange.getRequestURI().getPath().equals("/v2/");
            var body = (mayPing ? "{}" : DENIED).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(mayPing ? 200 : 403, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    return new Registry(server.getAddress().getPort(), () -> server.stop(0));
  }

  String repository() {
    return "127.0.0.1:" + port + "/agentopia/dtma";
  }

  /** As the registry itself tells it. */
  String digest(String tag) throws IOException, InterruptedException {
    return get("/v2/agentopia/dtma/manifests/" + tag)
        .headers()
        .firstValue("Docker-Content-Digest")
        .orElse(null);
  }

  private HttpResponse<Void> get(String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Accept", MANIFEST)
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.discarding());
    }
  }

  @Override
  public void close() throws Exception {
    server.close();
  }
}
