package io.agentopia.toolbox.agent.backend;

import io.agentopia.toolbox.agent.loop.Backoff;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How soon one kind of call is tried again. What the control plane refuses is tried slowly: only a
 * person mends it.
 */
final class Pacer {
  private final Backoff unavailable;
  private final Backoff refused;
  private final DoubleSupplier random;
  private int failures;

  Pacer(Backoff unavailable, Backoff refused, DoubleSupplier random) {
    this.unavailable = unavailable;
    this.refused = refused;
    this.random = random;
  }

  /** True when attempts had failed before: the control plane is back. */
  boolean succeeded() {
    var back = failures > 0;
    failures = 0;
    return back;
  }

  int failures() {
    return failures;
  }

  Duration pauseAfter(Answer.Failed<?> failed) {
    failures++;
    var jitter = random.getAsDouble();
    return switch (failed) {
      case Answer.Unavailable<?>(var _, var retryAfter) ->
          unavailable.after(failures, jitter, retryAfter);
      case Answer.Unauthorized<?> _, Answer.Refused<?> _, Answer.Gone<?> _ ->
          refused.after(failures, jitter);
    };
  }
}
