package io.agentopia.toolbox.provisioner.cloud.http;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Tagged;
import io.agentopia.toolbox.provisioner.cloud.Reply;
import io.agentopia.toolbox.provisioner.cloud.http.HttpCalls.Said;
import jakarta.ws.rs.core.Response;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Function;

/** What the answers of a cloud's HTTP API mean, by their status. */
public final class HttpAnswers {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration WITHOUT_RETRY_AFTER = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Dialect dialect;

  public HttpAnswers(Dialect dialect) {
    this.dialect = dialect;
  }

  /** What a cloud says in words of its own. */
  public interface Dialect {
    long dropletId(Response created);

    /** The message of an answer that is an error. */
    String message(Response refused);

    /**
     * Why it would not create a droplet.
     *
     * @param message as of {@link #message}
     */
    Refusal refusal(int status, String message);
  }

  /** Why a cloud would refuse the same request again, and what to do next. */
  public enum Refusal {
    CREDENTIALS(
        said ->
            new Created.Refused(
                "cloud_credentials_refused",
                said,
                "An operator has to check the cloud's API token; then recreate the toolbox.")),
    LIMIT(
        said ->
            new Created.Refused(
                "droplet_limit",
                said,
                "Delete a toolbox that is not needed, or have the droplet limit raised; then recreate this one.")),
    SIZE(
        said ->
            new Created.Refused(
                "size_unavailable",
                said,
                "Delete this toolbox and ask for one of another size or in another region.")),
    REGION(
        said ->
            new Created.Refused(
                "region_unavailable",
                said,
                "Delete this toolbox and ask for one in another region.")),
    OTHER(
        said ->
            new Created.Refused(
                "cloud_refused",
                said,
                "Correct what the cloud objects to, then recreate the toolbox."));

    private final Function<String, Created.Refused> because;

    Refusal(Function<String, Created.Refused> because) {
      this.because = because;
    }
  }

  public Created created(Reply<Said> reply) {
    return switch (reply) {
      case Reply.Answered<Said>(var said) -> created(said);
      case Reply.Held<Said> h -> new Created.Deferred(bounded(h.retryAfter()), h.reason());
      case Reply.Failed<Said> f -> createFailed(f.cause());
    };
  }

  private Created created(Said answer) {
    var status = answer.status();
    if (status == 202 || status == 201 || status == 200) {
      return accepted(answer.response());
    }
    if (status == 429) {
      return new Created.Deferred(retryAfter(answer), "the cloud's rate limit is used up");
    }
    if (status >= 500 || status == 408) {
      return new Created.Unsure("the cloud answered with HTTP " + status);
    }
    return refused(status, message(answer.response()));
  }

  private Created accepted(Response response) {
    try {
      return new Created.Accepted(dialect.dropletId(response));
    } catch (RuntimeException e) {
      return new Created.Unsure("the cloud's answer could not be read: " + e.getMessage());
    }
  }

  private Created refused(int status, String message) {
    var said = "The cloud refused to create the droplet (HTTP " + status + "): " + message;
    return dialect.refusal(status, message).because.apply(said);
  }

  /** No answer. Only where no connection came about is it certain that nothing was created. */
  private static Created createFailed(Throwable failure) {
    return isNotSent(failure)
        ? new Created.Deferred(SOON, describe(failure))
        : new Created.Unsure(describe(failure));
  }

  /**
   * The answer to a call that had to succeed.
   *
   * @throws IllegalStateException if it did not
   */
  public static Response done(String what, Reply<Said> reply) {
    return switch (reply) {
      case Reply.Answered<Said>(var a) when a.status() < 300 -> a.response();
      case Reply.Answered<Said>(var a) ->
          throw new IllegalStateException(what + " was answered with HTTP " + a.status());
      case Reply.Failed<Said> f -> throw new IllegalStateException(what + " failed", f.cause());
      case Reply.Held<Said> h ->
          throw new IllegalStateException(
              what + " waits for " + h.retryAfter() + ": " + h.reason());
    };
  }

  public Listed notListed(Reply<Said> reply) {
    var later = later(reply);
    return new Listed.Unavailable(later.retryAfter(), later.detail());
  }

  public static Listed unreadable(RuntimeException cause) {
    return new Listed.Unavailable(
        SOON, "the cloud's list could not be read: " + cause.getMessage());
  }

  public Deleted deleted(Reply<Said> reply) {
    if (hasStatus(reply, 404)) {
      return new Deleted.Absent();
    }
    if (isDone(reply)) {
      return new Deleted.Accepted();
    }
    var later = later(reply);
    return new Deleted.Deferred(later.retryAfter(), later.detail());
  }

  public Tagged tagged(Reply<Said> reply) {
    if (hasStatus(reply, 404)) {
      return new Tagged.Absent();
    }
    if (isDone(reply)) {
      return new Tagged.Done();
    }
    var later = later(reply);
    return new Tagged.Deferred(later.retryAfter(), later.detail());
  }

  public static Known known(Reply<Said> reply) {
    return hasStatus(reply, 200) ? Known.YES : hasStatus(reply, 404) ? Known.NO : Known.UNSURE;
  }

  public static boolean isDone(Reply<Said> reply) {
    return reply instanceof Reply.Answered<Said>(var said) && said.status() / 100 == 2;
  }

  public static boolean hasStatus(Reply<Said> reply, int status) {
    return reply instanceof Reply.Answered<Said>(var said) && said.status() == status;
  }

  private record Later(Duration retryAfter, String detail) {}

  /** Of calls that can be repeated without harm. */
  private Later later(Reply<Said> reply) {
    return switch (reply) {
      case Reply.Answered<Said>(var a) ->
          new Later(
              a.status() == 429 ? retryAfter(a) : SOON,
              "the cloud answered with HTTP " + a.status() + ": " + message(a.response()));
      case Reply.Held<Said> h -> new Later(bounded(h.retryAfter()), h.reason());
      case Reply.Failed<Said> f -> new Later(SOON, describe(f.cause()));
    };
  }

  private static Duration retryAfter(Said refusal) {
    var said = refusal.limits().retryAfter();
    return said == null ? WITHOUT_RETRY_AFTER : bounded(said);
  }

  /** Whoever waits longer than this asks the budget again: deadlines are noticed in between. */
  private static Duration bounded(Duration wait) {
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  private String message(Response response) {
    try {
      var message = dialect.message(response);
      return message == null ? "no message" : message;
    } catch (RuntimeException e) {
      return "no readable message";
    }
  }

  private static boolean isNotSent(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  private static String describe(Throwable failure) {
    return "no answer from the cloud: "
        + failure.getClass().getSimpleName()
        + " "
        + failure.getMessage();
  }
}
