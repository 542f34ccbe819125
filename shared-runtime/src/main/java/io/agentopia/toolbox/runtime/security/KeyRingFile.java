package io.agentopia.toolbox.runtime.security;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The rings as {@code ./toolbox keys} writes them; docs/security.md has the format. The file is
 * replaced as a whole, so a reader sees the old rings or the new ones.
 *
 * @param agentToken signs the agents' tokens
 * @param backendToDtma the keys from which the agents' inbound keys are derived
 */
public record KeyRingFile(
    @JsonProperty("agent-token") List<KeyRing.Key> agentToken,
    @JsonProperty("backend-to-dtma") List<KeyRing.Key> backendToDtma) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  public KeyRingFile {
    agentToken = agentToken == null ? List.of() : List.copyOf(agentToken);
    backendToDtma = backendToDtma == null ? List.of() : List.copyOf(backendToDtma);
  }

  /**
   * @throws IOException it cannot be read, or does not hold rings; the message quotes no secret
   */
  static KeyRingFile read(Path file) throws IOException {
    try {
      return JSON.readValue(Files.readAllBytes(file), KeyRingFile.class);
    } catch (JacksonException e) {
      // The exception quotes the text at fault, which may be a secret.
      throw new IOException(
          "the key ring "
              + file
              + " is not as ./toolbox keys writes it (line "
              + (e.getLocation() == null ? "unknown" : e.getLocation().getLineNr())
              + ")");
    }
  }
}
