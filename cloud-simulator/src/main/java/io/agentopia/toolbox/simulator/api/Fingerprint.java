package io.agentopia.toolbox.simulator.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** The MD5 fingerprint of a public key, as DigitalOcean names keys. */
final class Fingerprint {
  private Fingerprint() {}

  /** Empty when that is no key in OpenSSH's form. */
  static Optional<String> of(String publicKey) {
    var parts = publicKey.split("\\s+");
    if (parts.length < 2 || !parts[0].matches("(ssh|ecdsa|sk)-[a-z0-9@.-]+")) {
      return Optional.empty();
    }
    try {
      var digest = MessageDigest.getInstance("MD5").digest(Base64.getDecoder().decode(parts[1]));
      return Optional.of(HexFormat.ofDelimiter(":").formatHex(digest));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
