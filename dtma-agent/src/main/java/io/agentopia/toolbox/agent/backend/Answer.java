package io.agentopia.toolbox.agent.backend;

import java.time.Duration;

/** What came of a call to the control plane. {@code detail} is for people and holds no secret. */
public sealed interface Answer<T> {
  record Ok<T>(T body) implements Answer<T> {}

  /** Everything else: the caller decides only how soon to try again. */
  sealed interface Failed<T> extends Answer<T> {
    String detail();
  }

  /** 401 or 403. */
  record Unauthorized<T>(String detail) implements Failed<T> {}

  /** 410: the toolbox was deleted. */
  record Gone<T>(String detail) implements Failed<T> {}

  /** Another 4xx: trying again sooner does not help. */
  record Refused<T>(int status, String detail) implements Failed<T> {}

  /**
   * No answer, 429, 5xx, or an answer that cannot be read.
   *
   * @param retryAfter what the server asked for, or null
   */
  record Unavailable<T>(String detail, Duration retryAfter) implements Failed<T> {}
}
