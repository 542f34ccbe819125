package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Known;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Tagged;
import io.agentopia.toolbox.provisioner.cloud.Reply;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanApi.CreateAnswer;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanApi.ErrorBody;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanCalls.Said;
import jakarta.ws.rs.core.Response;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;

/**
 * What DigitalOcean's answers mean. Decided by HTTP status; the message is only shown, or told
 * apart for a better sentence.
 */
final class Answers {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration WITHOUT_RETRY_AFTER = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private Answers() {}

  static Created created(Reply<Said> reply) {
    return switch (reply) {
      case Reply.Answered<Said>(var said) -> created(said);
      case Reply.Held<Said> h -> new Created.Deferred(bounded(h.retryAfter()), h.reason());
      case Reply.Failed<Said> f -> createFailed(f.cause());
    };
  }

  private static Created created(Said answer) {
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

  private static Created accepted(Response response) {
    try {
      return new Created.Accepted(response.readEntity(CreateAnswer.class).droplet().id());
    } catch (RuntimeException e) {
      return new Created.Unsure("the cloud's answer could not be read: " + e.getMessage());
    }
  }

  private static Created refused(int status, String message) {
    var text = message.toLowerCase(Locale.ROOT);
    var said = "The cloud refused to create the droplet (HTTP " + status + "): " + message;
    if (status == 401 || status == 403) {
      return new Created.Refused(
          "cloud_credentials_refused",
          said,
          "An operator has to check the cloud's API token; then recreate the toolbox.");
    }
    if (text.contains("droplet limit")) {
      return new Created.Refused(
          "droplet_limit",
          said,
          "Delete a toolbox that is not needed, or have the droplet limit raised; then recreate this one.");
    }
    if (text.contains("size")) {
      return new Created.Refused(
          "size_unavailable",
          said,
          "Delete this toolbox and ask for one of another size or in another region.");
    }
    if (text.contains("region")) {
      return new Created.Refused(
          "region_unavailable", said, "Delete this toolbox and ask for one in another region.");
    }
    return new Created.Refused(
        "cloud_refused", said, "Correct what the cloud objects to, then recreate the toolbox.");
  }

  /** No answer. Only where no connection came about is it certain that nothing was created. */
  private static Created createFailed(Throwable failure) {
    return isNotSent(failure)
        ? new Created.Deferred(SOON, describe(failure))
        : new Created.Unsure(describe(failure));
  }

  static Listed notListed(Reply<Said> reply) {
    var later = later(reply);
    return new Listed.Unavailable(later.retryAfter(), later.detail());
  }

  static Listed unreadable(RuntimeException cause) {
    return new Listed.Unavailable(
        SOON, "the cloud's list could not be read: " + cause.getMessage());
  }

  static Deleted deleted(Reply<Said> reply) {
    if (hasStatus(reply, 404)) {
      return new Deleted.Absent();
    }
    if (isDone(reply)) {
      return new Deleted.Accepted();
    }
    var later = later(reply);
    return new Deleted.Deferred(later.retryAfter(), later.detail());
  }

  static Tagged tagged(Reply<Said> reply) {
    if (hasStatus(reply, 404)) {
      return new Tagged.Absent();
    }
    if (isDone(reply)) {
      return new Tagged.Done();
    }
    var later = later(reply);
    return new Tagged.Deferred(later.retryAfter(), later.detail());
  }

  static Known known(Reply<Said> reply) {
    return hasStatus(reply, 200) ? Known.YES : hasStatus(reply, 404) ? Known.NO : Known.UNSURE;
  }

  static boolean isDone(Reply<Said> reply) {
    return reply instanceof Reply.Answered<Said>(var said) && said.status() / 100 == 2;
  }

  static boolean hasStatus(Reply<Said> reply, int status) {
    return reply instanceof Reply.Answered<Said>(var said) && said.status() == status;
  }

  private record Later(Duration retryAfter, String detail) {}

  /** Of calls that can be repeated without harm. */
  private static Later later(Reply<Said> reply) {
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

  private static String message(Response response) {
    try {
      var body = response.readEntity(ErrorBody.class);
      return body == null || body.message() == null ? "no message" : body.message();
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
