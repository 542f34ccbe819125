package io.agentopia.toolbox.local.droplets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentopia.toolbox.embedded.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Between two of the real program, Debian's docker-registry. */
class RegistryCopyTest {
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path work;
  private final List<Process> processes = new ArrayList<>();
  private RegistryCopy.Place from;
  private RegistryCopy.Place to;

  @BeforeEach
  void twoRegistries() throws Exception {
    assumeTrue(Registry.program().isPresent(), "there is no docker-registry on the PATH");
    from = new RegistryCopy.Place(started(Registry.HUB), Registry.HUB.repository());
    to = new RegistryCopy.Place(started(Registry.GHCR), Registry.GHCR.repository());
  }

  private int started(Registry registry) throws IOException {
    var port = Ports.anyFree();
    var directory = work.resolve(registry.name());
    var command = registry.command(directory, port);
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start());
    var ping = URI.create("http://127.0.0.1:" + port + "/v2/");
    await("a registry that answers")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> got(ping).statusCode() == 200);
    return port;
  }

  @AfterEach
  void ended() throws InterruptedException {
    for (var process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void theCopyHasTheSameDigestsAndContent() throws Exception {
    var config =
        put(from, "{\"architecture\":\"amd64\",\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8));
    var small = put(from, noise(10));
    var large = put(from, noise(3_000_000));
    var manifest = manifest(config, small, large);
    put(from.at("/manifests/latest"), MANIFEST, manifest);

    new RegistryCopy(from, to).copy("latest");
    // Again, when all of it is there.
    new RegistryCopy(from, to).copy("latest");

    assertThat(got(to.at("/manifests/latest")).body()).isEqualTo(manifest);
    for (var digest : List.of(config, small, large)) {
      assertThat(digest(got(to.at("/blobs/" + digest)).body())).isEqualTo(digest);
    }
  }

  @Test
  void whatIsNotThereIsNotCopied() {
    assertThatThrownBy(() -> new RegistryCopy(from, to).copy("nosuch"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("/manifests/nosuch")
        .hasMessageContaining("404");
  }

  @Test
  void aRegistryThatIsGoneIsTold() throws Exception {
    put(from.at("/manifests/latest"), MANIFEST, manifest(put(from, noise(5)), put(from, noise(6))));
    processes.getLast().destroyForcibly().waitFor();

    assertThatThrownBy(() -> new RegistryCopy(from, to).copy("latest"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("copying an image");
  }

  private static byte[] manifest(String config, String... layers) {
    var listed = new ArrayList<String>();
    for (var layer : layers) {
      listed.add(
          "{\"mediaType\":\"application/vnd.docker.image.rootfs.diff.tar.gzip\",\"size\":1,\"digest\":\"%s\"}"
              .formatted(layer));
    }
    return """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":1,"digest":"%s"},"layers":[%s]}"""
        .formatted(MANIFEST, config, String.join(",", listed))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] noise(int length) {
    var bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static String put(RegistryCopy.Place place, byte[] blob) throws Exception {
    var begin = HttpRequest.newBuilder(place.at("/blobs/uploads/")).POST(BodyPublishers.noBody());
    var location =
        CLIENT
            .send(begin.build(), BodyHandlers.discarding())
            .headers()
            .firstValue("Location")
            .orElseThrow();
    var digest = digest(blob);
    put(URI.create(location + "&digest=" + digest), "application/octet-stream", blob);
    return digest;
  }

  private static void put(URI address, String type, byte[] content) throws Exception {
    var request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", type)
            .PUT(BodyPublishers.ofByteArray(content))
            .build();
    assertThat(CLIENT.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
  }

  private static HttpResponse<byte[]> got(URI address) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(address).header("Accept", MANIFEST).build();
    return CLIENT.send(request, BodyHandlers.ofByteArray());
  }

  private static String digest(byte[] bytes) throws Exception {
    var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    return "sha256:" + HexFormat.of().formatHex(hash);
  }
}
