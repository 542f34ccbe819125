package io.agentopia.toolbox.runtime.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys with which the control plane calls one agent: HKDF-SHA256 (RFC 5869) of each key of the
 * BACKEND_TO_DTMA_API_KEY ring, with the toolbox and its epoch (generation) as info. One stolen
 * droplet opens no other, and a replaced droplet's keys die with it.
 */
@ApplicationScoped
public class AgentKeys {
  private static final int BYTES = 32;
  private final KeyRings rings;
  private final Clock clock;

  @Inject
  public AgentKeys(KeyRings rings, Clock clock) {
    this.rings = rings;
    this.clock = clock;
  }

  /**
   * @param id of the ring's key it is derived from
   * @param notAfter null: until the next rotation
   */
  public record InboundKey(String id, String key, @Nullable Instant notAfter) {
    /** Secrets stay out of logs. */
    @Override
    public String toString() {
      return "InboundKey[id=" + id + "]";
    }
  }

  /** All that the agent shall accept; the first is the one to call with. */
  public List<InboundKey> inboundKeys(UUID toolboxId, long epoch) {
    return rings.backendToDtma().accepted(clock.instant()).stream()
        .map(k -> new InboundKey(k.id(), derive(k.secret(), toolboxId, epoch), k.notAfter()))
        .toList();
  }

  /**
   * The ids of {@link #inboundKeys}, at no cost: what an agent that knows them need not be told.
   */
  public List<String> ids() {
    return rings.backendToDtma().accepted(clock.instant()).stream().map(KeyRing.Key::id).toList();
  }

  /** Whether {@code proof} was made of {@code text} by the agent that holds one of the keys. */
  public boolean proves(UUID toolboxId, long epoch, String text, @Nullable String proof) {
    return inboundKeys(toolboxId, epoch).stream()
        .anyMatch(key -> Secrets.same(proof(key.key(), text), proof));
  }

  /** HMAC-SHA256 in base64url without padding, as docs/agent-protocol.md has it. */
  public static String proof(String inboundKey, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(inboundKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Secrets.base64(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  public static String derive(String backendToDtmaApiKey, UUID toolboxId, long epoch) {
    var info = "dtma-inbound|" + toolboxId + "|" + epoch;
    try {
      var parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(backendToDtmaApiKey.getBytes(StandardCharsets.UTF_8))
              .thenExpand(info.getBytes(StandardCharsets.UTF_8), BYTES);
      return Secrets.base64(KDF.getInstance("HKDF-SHA256").deriveData(parameters));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "deriving the inbound key of toolbox " + toolboxId + " failed", e);
    }
  }
}
