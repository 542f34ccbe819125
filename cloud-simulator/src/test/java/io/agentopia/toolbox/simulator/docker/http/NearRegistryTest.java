package io.agentopia.toolbox.simulator.docker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.ImageName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside the contract: what a test cannot have a real engine do quickly, or everywhere. */
class NearRegistryTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final char[] PASSWORD = "changeit".toCharArray();

  private static String digest(String image, Duration patience) {
    return new NearRegistry(patience).digest(ImageName.parse(image));
  }

  @Test
  void aLoopbackAddressMayHaveTlsThatNobodyChecks(@TempDir Path directory) throws Exception {
    var manifest = "{\"schemaVersion\":2}".getBytes(StandardCharsets.UTF_8);
    var server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned(directory)));
    server.createContext(
        "/v2/acme/tool/manifests/1",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, manifest.length);
            exchange.getResponseBody().write(manifest);
          }
        });
    server.start();
    try {
      var port = server.getAddress().getPort();
      var expected =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(manifest));

      assertThat(digest("127.0.0.1:" + port + "/acme/tool:1", Duration.ofSeconds(20)))
          .isEqualTo("sha256:" + expected);
    } finally {
      server.stop(0);
    }
  }

  private static SSLContext selfSigned(Path directory) throws Exception {
    var file = directory.resolve("keys.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    var line =
        List.of(
            keytool.toString(),
            "-genkeypair",
            "-alias",
            "registry",
            "-keyalg",
            "EC",
            "-dname",
            "CN=registry.invalid",
            "-storepass",
            "changeit",
            "-keystore",
            file.toString());
    assertThat(new ProcessBuilder(line).inheritIO().start().waitFor()).isZero();
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void oneThatTakesTheConnectionAndSaysNothingIsGivenUp() throws IOException {
    try (var silent = new ServerSocket(0, 10, LOOPBACK)) {
      assertThatThrownBy(() -> digest("127.0.0.1:" + silent.getLocalPort() + "/tool:1", SHORT))
          .isInstanceOf(EngineRefusal.class)
          .hasMessageContaining("Client.Timeout exceeded while awaiting headers");
    }
  }

  @Test
  void oneThatHangsUpIsTold() throws IOException {
    try (var rude = new ServerSocket(0, 10, LOOPBACK)) {
      Thread.ofVirtual().start(() -> hangUpAlways(rude));

      assertThatThrownBy(
              () -> digest("127.0.0.1:" + rude.getLocalPort() + "/tool:1", Duration.ofSeconds(20)))
          .isInstanceOf(EngineRefusal.class)
          .hasMessageContaining("EOF");
    }
  }

  private static void hangUpAlways(ServerSocket server) {
    while (!server.isClosed()) {
      try {
        server.accept().close();
      } catch (IOException e) {
        return;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:99999/tool:1", "127.0.0.1:123456789012/tool:1"})
  void aPortThatNobodyCanHave(String image) {
    assertThatThrownBy(() -> digest(image, SHORT))
        .isInstanceOf(EngineRefusal.class)
        .hasMessageContaining("invalid port");
  }
}
