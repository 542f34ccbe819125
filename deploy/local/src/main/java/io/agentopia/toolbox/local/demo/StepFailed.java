package io.agentopia.toolbox.local.demo;

import com.fasterxml.jackson.databind.JsonNode;

/** A step of the demonstration did not come: which, what the API says, and whose log tells more. */
public final class StepFailed extends RuntimeException {
  private final String logOf;

  StepFailed(String step, String what, String logOf) {
    super("the step \"" + step + "\" did not come: " + what);
    this.logOf = logOf;
  }

  /** With the error that a toolbox or tool carries, or else the document as it is. */
  static StepFailed because(String step, JsonNode document, String logOf) {
    var error = document.path("error");
    var what =
        error.isObject()
            ? "%s (%s)\n  what happened: %s\n  what to do:    %s"
                .formatted(
                    document.path("status").asText(),
                    error.path("code").asText(),
                    error.path("message").asText(),
                    error.path("action").asText())
            : document.toPrettyString();
    return new StepFailed(step, what, logOf);
  }

  /** With a problem document (RFC 9457), or whatever was answered instead. */
  static StepFailed refused(String step, HttpApi.Answer answer, String logOf) {
    var body = answer.body();
    var what =
        body.has("title")
            ? "%d %s\n  what happened: %s\n  what to do:    %s"
                .formatted(
                    answer.status(),
                    body.path("title").asText(),
                    body.path("detail").asText() + fields(body),
                    body.path("action").asText())
            : "status " + answer.status() + " " + body;
    return new StepFailed(step, what, logOf);
  }

  public String logOf() {
    return logOf;
  }

  private static String fields(JsonNode problem) {
    var text = new StringBuilder();
    for (var field : problem.path("errors")) {
      text.append(
          " [%s: %s]".formatted(field.path("field").asText(), field.path("message").asText()));
    }
    return text.toString();
  }
}
