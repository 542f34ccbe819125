package io.agentopia.toolbox.simulator.docker;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A registry on the loopback address that says what it is told to say. Its server answers a try
 * with TLS at once; the JDK's own waits for the end of a line, and the engine ten seconds for it.
 */
final class LocalRegistry implements AutoCloseable {
  private static final String MANIFEST_TYPE =
      "application/vnd.docker.distribution.manifest.v2+json";
  private static final String NOT_FOUND =
      """
      {"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{}}]}""";

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;

  /** By path, after which tag or digest. */
  private final Map<String, String> manifests = new ConcurrentHashMap<>();

  private volatile int status = 404;
  private volatile String body = NOT_FOUND;
  private volatile boolean asksWho;
  private volatile boolean anyDigest;

  LocalRegistry() {
    server = vertx.createHttpServer().requestHandler(this::answer);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  String repository(String path) {
    return "127.0.0.1:" + server.actualPort() + "/" + path;
  }

  /** From now on, of whatever it does not have. */
  void answer(int newStatus, String newBody) {
    status = newStatus;
    body = newBody;
  }

  void askWho() {
    answer(401, "{}");
    asksWho = true;
  }

  /**
   * From now on this manifest is at the tag; at another time, another.
   *
   * @return its digest
   */
  String manifest(String path, String tag) {
    var manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"%s"},"layers":[]}"""
            .formatted(MANIFEST_TYPE, digest(path + tag + manifests.size()));
    var digest = digest(manifest);
    manifests.put("/v2/" + path + "/manifests/" + tag, manifest);
    manifests.put("/v2/" + path + "/manifests/" + digest, manifest);
    return digest;
  }

  /** From now on any digest is answered with some manifest. */
  void answerAnyDigest() {
    anyDigest = true;
  }

  private void answer(HttpServerRequest request) {
    var path = request.path();
    var manifest = manifests.get(path);
    if (manifest == null && anyDigest && path.contains("/sha256:")) {
      manifest = manifests.values().iterator().next();
    }
    if (path.equals("/v2/") && !asksWho) {
      send(request, 200, "application/json", "{}");
    } else if (manifest != null) {
      send(request, 200, MANIFEST_TYPE, manifest);
    } else {
      if (asksWho) {
        request.response().putHeader("WWW-Authenticate", "Basic realm=\"test\"");
      }
      send(request, status, "application/json", body);
    }
  }

  private static void send(HttpServerRequest request, int status, String type, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var response =
        request
            .response()
            .setStatusCode(status)
            .putHeader("Content-Type", type)
            .putHeader("Content-Length", Integer.toString(bytes.length))
            .putHeader("Docker-Content-Digest", digest(text));
    if (request.method().name().equals("HEAD")) {
      response.end();
    } else {
      response.end(Buffer.buffer(bytes));
    }
  }

  private static String digest(String text) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
