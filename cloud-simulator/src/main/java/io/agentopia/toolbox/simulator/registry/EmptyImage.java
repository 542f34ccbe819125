package io.agentopia.toolbox.simulator.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An image with nothing in it but its tag, so that each tag has a digest of its own, the same for
 * all time and in every repository.
 */
record EmptyImage(String tag) {
  static final String MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
  static final String BLOB_TYPE = "application/octet-stream";

  /** An archive without entries, compressed; as bytes, because compression may change. */
  static final byte[] LAYER =
      Base64.getDecoder().decode("H4sIAAAAAAAA/2IYBaNgFIxYAAgAAP//Lq+17wAEAAA=");

  private static final String DIFF_ID =
      "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

  byte[] config() {
    return """
    {"architecture":"amd64","os":"linux","config":{"Cmd":["/none"],"Labels":{"io.agentopia.simulator.tag":"%s"}},\
    "rootfs":{"type":"layers","diff_ids":["%s"]},"history":[{"created":"2025-01-01T00:00:00Z"}],"created":"2025-01-01T00:00:00Z"}"""
        .formatted(tag, DIFF_ID)
        .getBytes(UTF_8);
  }

  byte[] manifest() {
    return """
    {"schemaVersion":2,"mediaType":"%s",\
    "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},\
    "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%d,"digest":"%s"}]}"""
        .formatted(MANIFEST_TYPE, config().length, digest(config()), LAYER.length, digest(LAYER))
        .getBytes(UTF_8);
  }

  String digest() {
    return digest(manifest());
  }

  static String digest(byte[] content) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
