package io.agentopia.toolbox.local.droplets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies an image from one registry of this computer to another, by the registry API
 * (distribution.github.io/distribution/spec/api). A push would compress every layer anew; the blobs
 * are compressed already, and the digests stay the same.
 */
final class RegistryCopy {
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A repository of a registry at a port of 127.0.0.1. */
  record Place(int port, String repository) {
    URI at(String path) {
      return URI.create("http://127.0.0.1:" + port + "/v2/" + repository + path);
    }
  }

  private final Place from;
  private final Place to;

  RegistryCopy(Place from, Place to) {
    this.from = from;
    this.to = to;
  }

  /**
   * @throws IllegalStateException when one of the registries refuses
   */
  void copy(String tag) {
    try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      var asked = request(from.at("/manifests/" + tag)).header("Accept", MANIFEST).GET().build();
      var manifest = sent(client, asked, 200, BodyHandlers.ofByteArray()).body();
      for (var digest : blobs(JSON.readTree(manifest))) {
        copyBlob(client, digest);
      }
      var told =
          request(to.at("/manifests/" + tag))
              .header("Content-Type", MANIFEST)
              .PUT(BodyPublishers.ofByteArray(manifest))
              .build();
      sent(client, told, 201, BodyHandlers.discarding());
    } catch (IOException e) {
      throw new IllegalStateException("copying an image from " + from + " to " + to + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while an image is copied", e);
    }
  }

  private static List<String> blobs(JsonNode manifest) {
    var digests = new ArrayList<String>();
    digests.add(manifest.at("/config/digest").asText());
    manifest.path("layers").forEach(layer -> digests.add(layer.path("digest").asText()));
    return digests;
  }

  private void copyBlob(HttpClient client, String digest) throws IOException, InterruptedException {
    var begun =
        sent(
            client,
            request(to.at("/blobs/uploads/")).POST(BodyPublishers.noBody()).build(),
            202,
            BodyHandlers.discarding());
    var place = begun.headers().firstValue("Location").orElseThrow();
    var upload =
        begun.uri().resolve(place + (place.contains("?") ? "&" : "?") + "digest=" + digest);
    var source = request(from.at("/blobs/" + digest)).GET().build();
    try (InputStream blob = sent(client, source, 200, BodyHandlers.ofInputStream()).body()) {
      var put =
          request(upload)
              .header("Content-Type", "application/octet-stream")
              .PUT(BodyPublishers.ofInputStream(() -> blob))
              .build();
      sent(client, put, 201, BodyHandlers.discarding());
    }
  }

  private static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address).timeout(PATIENCE);
  }

  private static <T> HttpResponse<T> sent(
      HttpClient client, HttpRequest request, int expected, BodyHandler<T> body)
      throws IOException, InterruptedException {
    var answer = client.send(request, body);
    if (answer.statusCode() != expected) {
      throw new IllegalStateException(
          "%s %s: the registry answered %d, not %d"
              .formatted(request.method(), request.uri(), answer.statusCode(), expected));
    }
    return answer;
  }
}
