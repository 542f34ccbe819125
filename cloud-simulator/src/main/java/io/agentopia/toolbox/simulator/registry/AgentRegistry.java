package io.agentopia.toolbox.simulator.registry;

import io.agentopia.toolbox.simulator.fault.FaultBook;
import io.agentopia.toolbox.simulator.fault.FaultKind;
import io.agentopia.toolbox.simulator.fault.Match.Target;
import io.agentopia.toolbox.simulator.store.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * A registry on the loopback address, where Docker wants no TLS, that has every tag of every
 * repository: for agents that are processes and yet shall pull images of themselves with a real
 * engine. {@code pull_fails} strikes here too; which droplet asks is not known.
 */
public final class AgentRegistry {
  private static final Logger LOG = Logger.getLogger(AgentRegistry.class);
  private static final String ADDRESS = "127.0.0.1";
  private static final int NO_DROPLET = 0;
  private static final Pattern CALL =
      Pattern.compile("/v2/([a-z0-9._/-]+)/(manifests|blobs)/([A-Za-z0-9._:-]{1,128})");

  private record Content(byte[] bytes, String type) {}

  private final Vertx vertx;
  private final FaultBook faults;
  private final int port;
  private final Path file;

  /** Whoever names a digest has asked for its tag before, perhaps in another life. */
  private final Set<String> tags;

  public AgentRegistry(Vertx vertx, FaultBook faults, int port, Path dataDir) {
    this.vertx = vertx;
    this.faults = faults;
    this.port = port;
    this.file = dataDir.resolve("agent-registry-tags.json");
    this.tags =
        new ConcurrentSkipListSet<>(
            Json.read(file, String[].class).map(List::of).orElse(List.of()));
  }

  /** The reference by digest, or empty when this registry is not meant. */
  public Optional<String> pinned(String repository, String tag) {
    if (!repository.startsWith(ADDRESS + ":" + port + "/")) {
      return Optional.empty();
    }
    remember(tag);
    return Optional.of(repository + "@" + new EmptyImage(tag).digest());
  }

  public AgentRegistry open() {
    var listening = vertx.createHttpServer().requestHandler(this::answer).listen(port, ADDRESS);
    try {
      listening.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException(
          "the agents' registry cannot listen at "
              + ADDRESS
              + ":"
              + port
              + "; end what listens there, or set simulator.agent-registry-port",
          e);
    }
    LOG.infof("agents' registry is open: port=%d", port);
    return this;
  }

  private void answer(HttpServerRequest request) {
    var call = CALL.matcher(request.path());
    if (request.path().equals("/v2/")) {
      send(request, new Content("{}".getBytes(), "application/json"));
    } else if (!call.matches()) {
      refuse(request, 404, "NAME_UNKNOWN");
    } else if (call.group(2).equals("blobs")) {
      found(request, blob(call.group(3)));
    } else {
      manifest(request, call.group(1), call.group(3));
    }
  }

  private void manifest(HttpServerRequest request, String repository, String reference) {
    var byDigest = reference.startsWith("sha256:");
    var image = ADDRESS + ":" + port + "/" + repository + (byDigest ? "@" : ":") + reference;
    var fault = faults.strike(FaultKind.PULL_FAILS, Target.pull(NO_DROPLET, image));
    if (fault.isPresent()) {
      refuse(request, fault.get().status(), "UNKNOWN");
      return;
    }
    if (!byDigest) {
      remember(reference);
    }
    found(
        request,
        images()
            .filter(i -> byDigest ? i.digest().equals(reference) : i.tag().equals(reference))
            .map(i -> new Content(i.manifest(), EmptyImage.MANIFEST_TYPE))
            .findFirst());
  }

  private Optional<Content> blob(String digest) {
    return Stream.concat(Stream.of(EmptyImage.LAYER), images().map(EmptyImage::config))
        .filter(b -> EmptyImage.digest(b).equals(digest))
        .map(b -> new Content(b, EmptyImage.BLOB_TYPE))
        .findFirst();
  }

  private Stream<EmptyImage> images() {
    return tags.stream().map(EmptyImage::new);
  }

  private synchronized void remember(String tag) {
    if (tags.add(tag)) {
      Json.write(file, tags.toArray());
    }
  }

  private static void found(HttpServerRequest request, Optional<Content> content) {
    content.ifPresentOrElse(c -> send(request, c), () -> refuse(request, 404, "MANIFEST_UNKNOWN"));
  }

  private static void send(HttpServerRequest request, Content content) {
    var response =
        request
            .response()
            .putHeader("Content-Type", content.type())
            .putHeader("Content-Length", Integer.toString(content.bytes().length))
            .putHeader("Docker-Distribution-Api-Version", "registry/2.0")
            .putHeader("Docker-Content-Digest", EmptyImage.digest(content.bytes()));
    if (request.method().name().equals("HEAD")) {
      response.end();
    } else {
      response.end(Buffer.buffer(content.bytes()));
    }
  }

  private static void refuse(HttpServerRequest request, int status, String code) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"the simulator refuses\"}]}");
  }
}
