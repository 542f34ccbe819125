package io.agentopia.toolbox.provisioner.cloud;

import java.time.Duration;

/**
 * What became of a call to a cloud.
 *
 * @param <T> how the cloud answers
 */
public sealed interface Reply<T> {

  record Answered<T>(T answer) implements Reply<T> {}

  /** It went out, perhaps, and no answer came. */
  record Failed<T>(Throwable cause) implements Reply<T> {}

  /** It did not go out: the budget has no call for it. */
  record Held<T>(Duration retryAfter, String reason) implements Reply<T> {}
}
