package io.agentopia.toolbox.simulator.docker.http;

import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.ImageName;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Asks a registry of this machine or its network for a manifest, by the registry API
 * (distribution.github.io/distribution/spec/api), as an engine does: a loopback address by TLS that
 * nobody checks and then without, any other by TLS alone.
 */
final class NearRegistry {
  private static final String MANIFESTS =
      String.join(
          ", ",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json");
  private static final List<String> SCHEMES = List.of("https", "http");

  private final Duration patience;

  /**
   * @param patience for a connection, and for an answer
   */
  NearRegistry(Duration patience) {
    this.patience = patience;
  }

  /**
   * @return the digest of the manifest that it gave
   * @throws EngineRefusal as Docker puts it
   */
  String digest(ImageName name) {
    var authority = name.registry();
    var host = authority.replaceFirst(":\\d+$", "");
    var isLoopback = found(host, authority).isLoopbackAddress();
    try (var client = client(isLoopback)) {
      return digest(client, name, isLoopback ? SCHEMES : SCHEMES.subList(0, 1));
    }
  }

  private InetAddress found(String host, String authority) {
    var port = authority.substring(host.length()).replace(":", "");
    if (!port.isEmpty() && (port.length() > 5 || Integer.parseInt(port) > 65_535)) {
      throw unreachable("http", authority, "dial tcp: address " + port + ": invalid port");
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw noSuchHost(authority);
    }
  }

  private HttpClient client(boolean trusting) {
    var builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(patience);
    return (trusting ? builder.sslContext(AnyCertificate.context()) : builder).build();
  }

  private String digest(HttpClient client, ImageName name, List<String> schemes) {
    var scheme = schemes.getFirst();
    var registry = name.registry();
    var reference = name.digest() == null ? name.tag() : name.digest();
    var path = name.repository().substring(registry.length() + 1);
    var url = "%s://%s/v2/%s/manifests/%s".formatted(scheme, registry, path, reference);
    try {
      var request =
          HttpRequest.newBuilder(URI.create(url))
              .header("Accept", MANIFESTS)
              .timeout(patience)
              .build();
      return digest(name, url, client.send(request, BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      if (schemes.size() > 1) {
        return digest(client, name, schemes.subList(1, schemes.size()));
      }
      throw unreachable(scheme, registry, said(e, registry, scheme));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(scheme, registry, "context canceled");
    }
  }

  private static String digest(ImageName name, String url, HttpResponse<byte[]> answer) {
    if (answer.statusCode() != 200) {
      throw RegistryAnswer.refusal(
          name,
          url,
          answer.statusCode(),
          answer.headers().firstValue("WWW-Authenticate").isPresent(),
          new String(answer.body(), StandardCharsets.UTF_8));
    }
    return sha256(answer.body());
  }

  private static String sha256(byte[] bytes) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String said(IOException e, String registry, String scheme) {
    return switch (e) {
      case NoRouteToHostException x ->
          "dial tcp " + dialled(registry, scheme) + ": connect: no route to host";
      case ConnectException x ->
          "dial tcp " + dialled(registry, scheme) + ": connect: connection refused";
      case HttpTimeoutException x -> noAnswer();
      default -> "EOF";
    };
  }

  /** The address that was tried, with its port. */
  private static String dialled(String registry, String scheme) {
    var url = URI.create(scheme + "://" + registry);
    var port = url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80;
    return new InetSocketAddress(url.getHost(), port).getAddress().getHostAddress() + ":" + port;
  }

  static EngineRefusal noSuchHost(String registry) {
    var host = registry.replaceFirst(":\\d+$", "");
    return unreachable("https", registry, "dial tcp: lookup " + host + ": no such host");
  }

  static EngineRefusal noAnswer(String registry) {
    return unreachable("https", registry, noAnswer());
  }

  private static String noAnswer() {
    return "net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)";
  }

  private static EngineRefusal unreachable(String scheme, String registry, String why) {
    return new EngineRefusal(
        500, "Get \"%s://%s/v2/\": %s".formatted(scheme, registry.toLowerCase(Locale.ROOT), why));
  }
}
