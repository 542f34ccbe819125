package io.agentopia.toolbox.local.keys;

import io.agentopia.toolbox.runtime.security.KeyRing;
import io.agentopia.toolbox.runtime.security.KeyRingFile;
import io.agentopia.toolbox.runtime.security.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The key rings of a platform: makes them, and rotates them. */
public record KeysFile(Path path) {

  public boolean exists() {
    return Files.exists(path);
  }

  /**
   * @param given secrets that are in use already, by purpose; others are made
   */
  public void generate(Map<String, String> given) {
    var rings = new KeyRingFile(null, null);
    for (var purpose : KeyRingFile.PURPOSES) {
      var secret = given.get(purpose);
      rings = rings.with(purpose, KeyRing.of(secret == null ? Secrets.random("") : secret).keys());
    }
    write(rings);
  }

  /** A new key for each of the purposes. */
  public void rotate(List<String> purposes, Rotation rotation, Instant now) {
    var rings = read();
    for (var purpose : purposes) {
      rings = rings.with(purpose, rotation.of(rings.ring(purpose), now, Secrets.random("")));
    }
    write(rings);
  }

  public KeyRingFile read() {
    try {
      return KeyRingFile.read(path);
    } catch (IOException e) {
      // Without the cause: it may quote a secret.
      throw new IllegalStateException(
          "there is no readable key ring at " + path + "; ./toolbox keys generate makes one");
    }
  }

  private void write(KeyRingFile rings) {
    try {
      PrivateFile.write(path, rings.text());
    } catch (IOException e) {
      throw new UncheckedIOException("writing the key ring " + path + " failed", e);
    }
  }
}
