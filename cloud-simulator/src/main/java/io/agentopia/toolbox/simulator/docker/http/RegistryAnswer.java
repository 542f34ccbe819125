package io.agentopia.toolbox.simulator.docker.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.simulator.docker.engine.EngineRefusal;
import io.agentopia.toolbox.simulator.docker.engine.ImageName;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Locale;
import java.util.Map;

/**
 * What Docker makes of a registry's no. Its sentences are pinned by the contract that real engines
 * pass too. Source: docker/distribution 2.8, {@code client/errors.go}, and moby's {@code
 * distribution/errors.go}.
 */
final class RegistryAnswer {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Codes with the sentence that adds nothing to them. */
  private static final Map<String, String> USUAL =
      Map.of(
          "MANIFEST_UNKNOWN", "manifest unknown",
          "NAME_UNKNOWN", "repository name not known to registry",
          "NAME_INVALID", "invalid repository name",
          "TAG_INVALID", "manifest tag did not match URI",
          "UNAUTHORIZED", "authentication required",
          "DENIED", "requested access to the resource is denied",
          "TOOMANYREQUESTS", "too many requests",
          "UNAVAILABLE", "service unavailable");

  private RegistryAnswer() {}

  /**
   * @param url of the manifest
   * @param challenges it asks who one is; nobody has told the engine
   */
  static EngineRefusal refusal(
      ImageName name, String url, int status, boolean challenges, String body) {
    if (status >= 500) {
      return new EngineRefusal(
          500,
          "received unexpected HTTP status: "
              + status
              + " "
              + HttpResponseStatus.valueOf(status).reasonPhrase());
    }
    if (status == 401 && challenges) {
      return new EngineRefusal(500, "Head \"" + url + "\": no basic auth credentials");
    }
    return parsed(name, status, body);
  }

  private static EngineRefusal parsed(ImageName name, int status, String body) {
    if (body.isBlank()) {
      return notParsed(status, "unexpected end of JSON input", body);
    }
    try {
      var error = JSON.readTree(body).path("errors").path(0);
      return error.has("code")
          ? told(name, error)
          : notParsed(status, "no error details found in HTTP response body", body);
    } catch (JsonProcessingException e) {
      return notParsed(status, complaint(body), body);
    }
  }

  private static String complaint(String body) {
    return "invalid character '" + body.strip().charAt(0) + "' looking for beginning of value";
  }

  private static EngineRefusal notParsed(int status, String why, String body) {
    return status == 401
        ? new EngineRefusal(500, "unauthorized: authentication required")
        : new EngineRefusal(
            500, "error parsing HTTP %d response body: %s: \"%s\"".formatted(status, why, body));
  }

  private static EngineRefusal told(ImageName name, JsonNode error) {
    var code = error.path("code").asText();
    var word = code.toLowerCase(Locale.ROOT).replace('_', ' ');
    var message = error.path("message").asText();
    if (!error.hasNonNull("detail") && (message.isEmpty() || message.equals(USUAL.get(code)))) {
      return new EngineRefusal(500, word);
    }
    var sentence = word + ": " + message;
    return switch (code) {
      case "MANIFEST_UNKNOWN" ->
          new EngineRefusal(404, "manifest for " + name + " not found: " + sentence);
      case "NAME_UNKNOWN" ->
          new EngineRefusal(404, "repository " + name.repository() + " not found: " + sentence);
      case "DENIED" ->
          new EngineRefusal(
              404,
              "pull access denied for %s, repository does not exist or may require 'docker login': %s"
                  .formatted(name.repository(), sentence));
      default -> new EngineRefusal(500, sentence);
    };
  }
}
