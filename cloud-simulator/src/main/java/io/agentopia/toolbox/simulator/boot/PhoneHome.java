package io.agentopia.toolbox.simulator.boot;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.agentopia.toolbox.simulator.store.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;

/** Tells the control plane how far a boot has come, as the real user-data does with curl. */
final class PhoneHome {
  private static final Logger LOG = Logger.getLogger(PhoneHome.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /** A failure is logged and changes nothing: the boot goes on. */
  void tell(long dropletId, Map<String, String> environment, String stage, String detail) {
    var backend = environment.get("DTMA_BACKEND_URL");
    var token = environment.get("DTMA_JOIN_TOKEN");
    if (backend == null || token == null) {
      LOG.warnf(
          "boot stage not told, the user-data names no backend or join token: dropletId=%d, stage=%s",
          dropletId, stage);
      return;
    }
    try {
      var first = backend.split(",")[0];
      var answer = http.send(request(first, token, stage, detail), discard());
      LOG.infof(
          "boot stage told: dropletId=%d, stage=%s, status=%d",
          dropletId, stage, answer.statusCode());
    } catch (IOException | IllegalArgumentException e) {
      LOG.warnf(
          "boot stage not told: dropletId=%d, stage=%s, backend=%s, cause=%s",
          dropletId, stage, backend, e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpResponse.BodyHandler<Void> discard() {
    return HttpResponse.BodyHandlers.discarding();
  }

  private static HttpRequest request(String backend, String token, String stage, String detail)
      throws JsonProcessingException {
    var body = Json.MAPPER.writeValueAsString(Map.of("stage", stage, "detail", detail));
    return HttpRequest.newBuilder(URI.create(backend.replaceFirst("/+$", "") + "/agent/v1/boot"))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + token)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }
}
