package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.identity.Identity;
import io.agentopia.toolbox.agent.loop.Retries;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Swaps the join token for an identity. The nonce is on disk before the first call, so a join whose
 * answer was lost, or whose agent died, is repeated as the same join.
 */
public final class Joining {
  private static final Logger LOG = Logger.getLogger(Joining.class);

  /** What the agent says of itself besides the nonce. */
  public record Self(String agentVersion, String hostname, String bootId, int agentPort) {}

  private final ControlPlaneSession session;
  private final String joinToken;
  private final Self self;
  private final Supplier<String> newNonce;
  private final Consumer<Identity> joined;
  private final Retries retries;

  public Joining(
      ControlPlaneSession session,
      String joinToken,
      Self self,
      Supplier<String> newNonce,
      Consumer<Identity> joined) {
    this.session = session;
    this.joinToken = joinToken;
    this.self = self;
    this.newNonce = newNonce;
    this.joined = joined;
    this.retries = session.retries();
  }

  /** One attempt; null once joined. */
  public Duration attempt() throws InterruptedException {
    Answer<Identity> answer;
    try {
      answer = session.controlPlane().join(joinToken, request());
      if (answer instanceof Answer.Ok<Identity>(var identity)) {
        // In memory it would be lost at the next restart, while the token is used up by then.
        session.state().update(s -> s.joined(identity));
        LOG.infof(
            "Joined toolboxId=%s accountId=%s generation=%d",
            identity.toolboxId(), identity.accountId(), identity.generation());
        joined.accept(identity);
        return null;
      }
    } catch (IOException e) {
      answer = new Answer.Unavailable<>("the state directory cannot be written: " + e, null);
    }
    return failed((Answer.Failed<Identity>) answer);
  }

  private Duration failed(Answer.Failed<Identity> failed) {
    var pause = session.pauseAfter(failed, retries);
    LOG.warnf(
        "Join failed, tried again attempt=%d pause=%ds found=\"%s\" next=\"%s\"",
        retries.failures(), pause.toSeconds(), failed.detail(), advice(failed));
    return pause;
  }

  private static String advice(Answer.Failed<?> failed) {
    return switch (failed) {
      case Answer.Unauthorized<?> _ ->
          "the join token is unknown, expired or used: recreate the toolbox, which makes a new one";
      case Answer.Refused<?>(var status, var _) ->
          status == 409
              ? "another agent used this join token: recreate the toolbox, which makes a new one"
              : "check DTMA_BACKEND_URL and that gateway and agent are of fitting versions";
      case Answer.Gone<?> _ -> "the toolbox was deleted: remove this droplet";
      case Answer.Unavailable<?> _ ->
          "nothing if it passes; else check DTMA_BACKEND_URL, the network and the state directory";
    };
  }

  private Wire.JoinRequest request() throws IOException {
    if (session.state().current().membership().nonce() == null) {
      var nonce = newNonce.get();
      session.state().update(s -> s.withNonce(nonce));
    }
    return new Wire.JoinRequest(
        session.state().current().membership().nonce(),
        self.agentVersion(),
        self.hostname(),
        self.bootId(),
        self.agentPort());
  }
}
