package io.agentopia.toolbox.runtime.security;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
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
    @JsonProperty(KeyRingFile.AGENT_TOKEN) List<KeyRing.Key> agentToken,
    @JsonProperty(KeyRingFile.BACKEND_TO_DTMA) List<KeyRing.Key> backendToDtma) {
  public static final String AGENT_TOKEN = "agent-token";
  public static final String BACKEND_TO_DTMA = "backend-to-dtma";
  public static final List<String> PURPOSES = List.of(AGENT_TOKEN, BACKEND_TO_DTMA);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  public KeyRingFile {
    agentToken = agentToken == null ? List.of() : List.copyOf(agentToken);
    backendToDtma = backendToDtma == null ? List.of() : List.copyOf(backendToDtma);
  }

  /**
   * @throws IOException it cannot be read, or does not hold rings; the message quotes no secret
   */
  public static KeyRingFile read(Path file) throws IOException {
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

  /** The keys of one of the {@link #PURPOSES}. */
  public List<KeyRing.Key> ring(String purpose) {
    return switch (purpose) {
      case AGENT_TOKEN -> agentToken;
      case BACKEND_TO_DTMA -> backendToDtma;
      default -> throw new IllegalArgumentException("there is no key for \"" + purpose + "\"");
    };
  }

  /** The same, but for one purpose. */
  public KeyRingFile with(String purpose, List<KeyRing.Key> ring) {
    return switch (purpose) {
      case AGENT_TOKEN -> new KeyRingFile(ring, backendToDtma);
      case BACKEND_TO_DTMA -> new KeyRingFile(agentToken, ring);
      default -> throw new IllegalArgumentException("there is no key for \"" + purpose + "\"");
    };
  }

  /** As {@link #read} takes it. It holds the secrets. */
  public String text() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JacksonException e) {
      throw new IllegalStateException("a key ring that cannot be written");
    }
  }
}
