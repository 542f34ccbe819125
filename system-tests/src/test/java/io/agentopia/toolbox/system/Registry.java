package io.agentopia.toolbox.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.agentopia.toolbox.embedded.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
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
  private static final int TLS_HANDSHAKE = 22;
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

  /**
   * One where nobody may write. Engines try TLS first: this one hangs up at once, where the JDK's
   * own server waits for the end of a line, and the engine ten seconds for it, at each connection.
   */
  static Registry refusing() throws IOException {
    var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> answerAll(server));
    return new Registry(server.getLocalPort(), server);
  }

  private static void answerAll(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        Thread.ofVirtual().start(() -> refuse(socket));
      } catch (IOException e) {
        return; // It is closed.
      }
    }
  }

  /** One answer a connection. No request to it has a body. */
  private static void refuse(Socket connection) {
    try (connection) {
      var request =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      request.mark(1);
      if (request.read() == TLS_HANDSHAKE) {
        return;
      }
      request.reset();
      var lines = request.lines().takeWhile(l -> !l.isEmpty()).toList();
      var line = lines.isEmpty() ? "" : lines.getFirst();
      var mayPing = line.startsWith("GET /v2/ ");
      var body = mayPing ? "{}" : DENIED;
      var head =
          "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
              .formatted(mayPing ? "200 OK" : "403 Forbidden", body.length());
      var answer = head + (line.startsWith("HEAD ") ? "" : body);
      connection.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // The engine has hung up; it has its answer, or asks again.
    }
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
