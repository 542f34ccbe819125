package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.identity.Identity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/**
 * The way back after an absence that outlasted the agent's token: the token it has, and a proof
 * that it holds its inbound key as well.
 */
final class Renewal {
  private static final Logger LOG = Logger.getLogger(Renewal.class);
  private final ControlPlaneSession session;

  Renewal(ControlPlaneSession session) {
    this.session = session;
  }

  /** One attempt; whether there is a new token now. */
  boolean attempt() throws InterruptedException {
    var identity = session.state().current().identity();
    var answer =
        session.controlPlane().renew(identity.agentToken(), new Wire.Renewal(proof(identity)));
    return switch (answer) {
      case Answer.Ok<Wire.Credentials>(var credentials) -> {
        session.state().updateAnyway(s -> s.withIdentity(credentials.renewed(s.identity())));
        LOG.info("Token renewed after it had been refused");
        yield true;
      }
      case Answer.Failed<Wire.Credentials> no -> {
        LOG.warnf("Token not renewed, tried again found=\"%s\"", no.detail());
        yield false;
      }
    };
  }

  static String proof(Identity identity) {
    try {
      var key = identity.inboundKeys().getFirst().key().getBytes(StandardCharsets.UTF_8);
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      var proof = mac.doFinal(identity.agentToken().getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(proof);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
