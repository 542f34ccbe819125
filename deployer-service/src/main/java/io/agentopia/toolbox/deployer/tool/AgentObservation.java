package io.agentopia.toolbox.deployer.tool;

import io.agentopia.toolbox.events.AgentEvent.ToolState;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A tool as the agent saw it, in our terms.
 *
 * @param revision of the container the agent speaks of
 * @param trouble why it does not run; only with {@link Kind#FAILED}
 */
public record AgentObservation(
    Kind kind,
    String containerId,
    long revision,
    long restarts,
    Integer exitCode,
    FailureReason trouble) {

  /** The values of {@code status} in docs/agent-protocol.md. */
  public enum Kind {
    PULLING,
    STARTING,
    RUNNING,
    STOPPED,
    RESTARTING,
    FAILED,
    REMOVING;

    static Optional<Kind> fromWire(String wire) {
      return Arrays.stream(values())
          .filter(k -> k.name().toLowerCase(Locale.ROOT).equals(wire))
          .findFirst();
    }
  }

  /** Empty where a newer agent uses a status this release does not know. */
  public static Optional<AgentObservation> of(ToolState state) {
    return Kind.fromWire(state.status())
        .map(
            kind ->
                new AgentObservation(
                    kind,
                    state.containerId(),
                    state.revision(),
                    state.restarts(),
                    state.exitCode(),
                    kind == Kind.FAILED ? trouble(state) : null));
  }

  String exit() {
    return exitCode == null ? "it stopped" : "it stopped with exit code " + exitCode;
  }

  private static FailureReason trouble(ToolState state) {
    var code = blank(state.errorCode()) ? "failed" : state.errorCode();
    var message =
        blank(state.message())
            ? "The agent reported tool '%s' as failed (%s)%s."
                .formatted(
                    state.name(),
                    code,
                    state.exitCode() == null ? "" : ", exit code " + state.exitCode())
            : state.message();
    return new FailureReason(code, message, action(code), state.logTail());
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }

  private static String action(String code) {
    return switch (code) {
      case "image_pull_failed" ->
          "Check that the droplet can reach the image's registry, then deploy the tool again.";
      case "engine_too_old" ->
          "Recreate the toolbox, which gives it a newer Docker engine, or deploy an image whose"
              + " layers are gzip.";
      case "image_not_found" -> "Correct the image reference, then deploy the tool again.";
      case "create_failed", "start_failed" ->
          "Check command, ports and limits of the specification, then deploy the tool again.";
      case "exited" -> "Read the log lines, correct the tool's settings, then deploy it again.";
      case "docker_unavailable" ->
          "Nothing is wrong with the tool: the agent tries again when Docker answers.";
      default -> "Read the message and the log lines, then deploy the tool again.";
    };
  }
}
