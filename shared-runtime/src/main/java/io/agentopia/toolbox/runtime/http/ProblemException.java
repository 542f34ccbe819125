package io.agentopia.toolbox.runtime.http;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends a request with a problem document. */
public final class ProblemException extends RuntimeException {
  private final transient Problem problem;
  private final @Nullable Duration retryAfter;

  public ProblemException(Problem problem) {
    this(problem, null);
  }

  /**
   * @param retryAfter how long the caller is asked to wait, null: not said
   */
  public ProblemException(Problem problem, @Nullable Duration retryAfter) {
    super(problem.status() + " " + problem.title() + ": " + problem.detail());
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** For {@code Retry-After}: whole seconds, at least one. */
  public Optional<Long> retryAfterSeconds() {
    return Optional.ofNullable(retryAfter).map(d -> Math.max(1, d.plusMillis(999).toSeconds()));
  }

  public Problem problem() {
    return problem;
  }
}
