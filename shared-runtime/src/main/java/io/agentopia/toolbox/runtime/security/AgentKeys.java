package io.agentopia.toolbox.runtime.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The key with which the control plane calls one agent: HKDF-SHA256 (RFC 5869) of
 * BACKEND_TO_DTMA_API_KEY, with the toolbox and its epoch (generation) as info. One stolen droplet
 * opens no other, and a replaced droplet's key dies with it.
 */
public final class AgentKeys {
  private static final int BYTES = 32;
  private final byte[] master;

  public AgentKeys(String backendToDtmaApiKey) {
    this.master = backendToDtmaApiKey.getBytes(StandardCharsets.UTF_8);
  }

  public String inboundKey(UUID toolboxId, long epoch) {
    var info = "dtma-inbound|" + toolboxId + "|" + epoch;
    try {
      var parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(master)
              .thenExpand(info.getBytes(StandardCharsets.UTF_8), BYTES);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "deriving the inbound key of toolbox " + toolboxId + " failed", e);
    }
  }
}
