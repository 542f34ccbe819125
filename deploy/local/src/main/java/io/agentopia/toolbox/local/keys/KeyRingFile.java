package io.agentopia.toolbox.local.keys;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.agentopia.toolbox.local.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The key rings of a platform, as its services read them; docs/security.md has the format. */
public final class KeyRingFile {
  /** Signs the agents' tokens. */
  public static final String AGENT_TOKEN = "agent-token";

  /** From it the agents' inbound keys are derived. */
  public static final String BACKEND_TO_DTMA = "backend-to-dtma";

  public static final List<String> PURPOSES = List.of(AGENT_TOKEN, BACKEND_TO_DTMA);

  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 4;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Path file;
  private final SecureRandom random;

  public KeyRingFile(Path file, SecureRandom random) {
    this.file = file;
    this.random = random;
  }

  public boolean exists() {
    return Files.exists(file);
  }

  /**
   * @param given secrets that are in use already, by purpose; others are made
   */
  public void generate(Map<String, String> given) {
    var rings = new LinkedHashMap<String, List<Key>>();
    for (var purpose : PURPOSES) {
      var secret = given.get(purpose);
      rings.put(
          purpose, List.of(new Key(newId(), secret == null ? newSecret() : secret, null, null)));
    }
    write(rings);
  }

  /** A new key for each of the purposes. */
  public void rotate(List<String> purposes, Rotation rotation, Instant now) {
    var rings = new LinkedHashMap<>(read());
    for (var purpose : purposes) {
      rings.compute(
          purpose,
          (name, ring) -> rotation.of(ring == null ? List.of() : ring, now, newId(), newSecret()));
    }
    write(rings);
  }

  public Map<String, List<Key>> read() {
    try {
      return JSON.readValue(
          Files.readAllBytes(file), new TypeReference<LinkedHashMap<String, List<Key>>>() {});
    } catch (IOException e) {
      // Without the cause: it may quote a secret.
      throw new IllegalStateException(
          "there is no readable key ring at " + file + "; ./toolbox keys generate makes one");
    }
  }

  private void write(Map<String, List<Key>> rings) {
    try {
      PrivateFile.write(file, JSON.writeValueAsString(rings) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("writing the key ring " + file + " failed", e);
    }
  }

  private String newSecret() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(SECRET_BYTES));
  }

  private String newId() {
    return HexFormat.of().formatHex(bytes(ID_BYTES));
  }

  private byte[] bytes(int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
