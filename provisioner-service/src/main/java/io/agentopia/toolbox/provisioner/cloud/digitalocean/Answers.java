package io.agentopia.toolbox.provisioner.cloud.digitalocean;

import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Created;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Deleted;
import io.agentopia.toolbox.provisioner.cloud.CloudProvider.Listed;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanApi.CreateAnswer;
import io.agentopia.toolbox.provisioner.cloud.digitalocean.DigitalOceanApi.ErrorBody;
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

  static Created created(Response response) {
    var status = response.getStatus();
    if (status == 202 || status == 201 || status == 200) {
      return new Created.Accepted(response.readEntity(CreateAnswer.class).droplet().id());
    }
    if (status == 429) {
      return new Created.Deferred(retryAfter(response), "the cloud's rate limit is used up");
    }
    if (status >= 500 || status == 408) {
      return new Created.Unsure("the cloud answered with HTTP " + status);
    }
    return refused(status, message(response));
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
  static Created createFailed(Throwable failure) {
    return isNotSent(failure)
        ? new Created.Deferred(SOON, describe(failure))
        : new Created.Unsure(describe(failure));
  }

  static Listed listRefused(Response response) {
    return new Listed.Unavailable(
        response.getStatus() == 429 ? retryAfter(response) : SOON,
        "the cloud answered with HTTP " + response.getStatus());
  }

  static Listed listFailed(Throwable failure) {
    return new Listed.Unavailable(SOON, describe(failure));
  }

  static Deleted deleted(Response response) {
    var status = response.getStatus();
    if (status == 404) {
      return new Deleted.Absent();
    }
    if (status == 204 || status == 202 || status == 200) {
      return new Deleted.Accepted();
    }
    return new Deleted.Deferred(
        status == 429 ? retryAfter(response) : SOON, "HTTP " + status + ": " + message(response));
  }

  static Deleted deleteFailed(Throwable failure) {
    return new Deleted.Deferred(SOON, describe(failure));
  }

  private static Duration retryAfter(Response response) {
    var header = response.getHeaderString("retry-after");
    try {
      var wait =
          header == null ? WITHOUT_RETRY_AFTER : Duration.ofSeconds(Long.parseLong(header.trim()));
      return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    } catch (NumberFormatException e) {
      return WITHOUT_RETRY_AFTER;
    }
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
