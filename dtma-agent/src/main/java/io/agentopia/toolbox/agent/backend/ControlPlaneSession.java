package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.identity.StateStore;
import io.agentopia.toolbox.agent.loop.Backoff;
import io.agentopia.toolbox.agent.loop.Retries;
import io.agentopia.toolbox.agent.loop.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * What every conversation with the control plane needs.
 *
 * @param gone called with what was said when the toolbox was deleted
 */
public record ControlPlaneSession(
    ControlPlane controlPlane,
    StateStore state,
    Timing timing,
    Pauses pauses,
    Consumer<String> gone) {

  /**
   * How soon a call is tried again.
   *
   * @param unavailable while nobody answers
   * @param refused while the answer is no: only a person mends that
   */
  public record Pauses(Backoff unavailable, Backoff refused) {}

  String token() {
    return state.current().identity().agentToken();
  }

  Instant now() {
    return timing.now();
  }

  Retries retries() {
    return new Retries(timing);
  }

  Duration pauseAfter(Answer.Failed<?> failed, Retries retries) {
    return switch (failed) {
      case Answer.Unavailable<?>(var _, var retryAfter) ->
          retries.failed(pauses.unavailable(), retryAfter);
      case Answer.Unauthorized<?> _, Answer.Refused<?> _, Answer.Gone<?> _ ->
          retries.failed(pauses.refused());
    };
  }
}
