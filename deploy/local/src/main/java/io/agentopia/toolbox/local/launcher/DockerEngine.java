package io.agentopia.toolbox.local.launcher;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Whether tools will be real containers: the simulator takes the engine that answers a ping. */
final class DockerEngine {
  private static final byte[] PING =
      "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private DockerEngine() {}

  static String sentence() {
    return answers()
        ? "(a Docker engine answers: tools are real containers)"
        : "(no Docker engine answers: tools run on a simulated one)";
  }

  private static boolean answers() {
    var address = System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock");
    try {
      return address.startsWith("unix://")
          ? unixAnswers(address.substring("unix://".length()))
          : tcpAnswers(address.replaceFirst("^tcp://", "http://"));
    } catch (IOException | IllegalArgumentException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean unixAnswers(String path) throws IOException {
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
      channel.write(ByteBuffer.wrap(PING));
      var answer = ByteBuffer.allocate(64);
      channel.read(answer);
      return new String(answer.array(), StandardCharsets.US_ASCII).contains(" 200 ");
    }
  }

  private static boolean tcpAnswers(String base) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + "/_ping")).timeout(Duration.ofSeconds(3)).build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    }
  }
}
