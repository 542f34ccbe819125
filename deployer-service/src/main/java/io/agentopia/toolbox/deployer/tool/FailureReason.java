package io.agentopia.toolbox.deployer.tool;

import io.agentopia.toolbox.events.HumanDuration;
import io.agentopia.toolbox.events.Rules;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Why a tool does not run.
 *
 * @param code stable, for programs
 * @param message what was attempted and what was found
 * @param action what to do next
 * @param logTail the container's last log lines, or null
 */
public record FailureReason(String code, String message, String action, String logTail) {
  private static final int LONGEST_MESSAGE = 2_000;
  private static final int LONGEST_LOG = 4_000;

  public static final String TOOLBOX_NOT_READY = "toolbox_not_ready";
  public static final String DEPLOY_TIMEOUT = "deploy_timeout";
  public static final String RESTART_TIMEOUT = "restart_timeout";
  public static final String STOP_TIMEOUT = "stop_timeout";
  public static final String NAME_TAKEN = "name_taken";
  public static final String INVALID_SPEC = "invalid_spec";
  public static final String INSTANCE_REMOVED = "instance_removed";
  public static final String TOOLBOX_DELETED = "toolbox_deleted";
  public static final String TOOLBOX_REJECTED = "toolbox_rejected";
  public static final String WRONG_ACCOUNT = "wrong_account";

  /** Agents and outside gateways may send more than an event shall carry. */
  public FailureReason {
    message = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) : message;
    logTail =
        logTail != null && logTail.length() > LONGEST_LOG
            ? logTail.substring(logTail.length() - LONGEST_LOG)
            : logTail;
  }

  static FailureReason toolboxNotReady(DesiredTool wanted, Duration waited) {
    return new FailureReason(
        TOOLBOX_NOT_READY,
        "Tool '%s' waited %s for its toolbox to become healthy, and it did not."
            .formatted(wanted.name(), HumanDuration.words(waited)),
        "Look at the toolbox's own status. The tool is deployed as soon as the toolbox is healthy;"
            + " remove it if it is not wanted any more.",
        null);
  }

  static FailureReason deployTimeout(DesiredTool wanted, Duration waited) {
    return new FailureReason(
        DEPLOY_TIMEOUT,
        "Tool '%s' (revision %d, image %s) was not reported running in time: %s with a healthy toolbox."
            .formatted(
                wanted.name(),
                wanted.revision(),
                wanted.spec().image(),
                HumanDuration.words(waited)),
        "Check that the image can be pulled and its command keeps running, then deploy the tool"
            + " again. It still counts as deployed if the agent reports it running later.",
        null);
  }

  static FailureReason restartTimeout(DesiredTool wanted, Duration waited) {
    return new FailureReason(
        RESTART_TIMEOUT,
        "Tool '%s' was being started again and was not reported running within %s."
            .formatted(wanted.name(), HumanDuration.words(waited)),
        "Read the tool's log, and restart it or deploy it with a corrected specification.",
        null);
  }

  static FailureReason stopTimeout(DesiredTool wanted, Duration waited) {
    return new FailureReason(
        STOP_TIMEOUT,
        "Tool '%s' was asked to stop while it was being started again, and was not reported stopped within %s."
            .formatted(wanted.name(), HumanDuration.words(waited)),
        "Look at the toolbox's own status; the agent stops the tool as soon as it can.",
        null);
  }

  public static FailureReason nameTaken(String name, String holder) {
    return new FailureReason(
        NAME_TAKEN,
        "Tool '%s' was not deployed: tool instance %s of this toolbox has that name."
            .formatted(name, holder),
        "Choose another name, or remove that tool instance first.",
        null);
  }

  public static FailureReason tooManyTools(String name) {
    return new FailureReason(
        "too_many_tools",
        "Tool '%s' was not deployed: the toolbox has %d tools, and may have no more."
            .formatted(name, Rules.MOST_TOOLS),
        "Remove a tool first, or use another toolbox.",
        null);
  }

  public static FailureReason invalid(String name, List<Rules.Violation> violations) {
    return new FailureReason(
        INVALID_SPEC,
        "Tool '%s' was not deployed, its specification is not valid: %s."
            .formatted(
                name,
                violations.stream()
                    .map(v -> v.field() + " " + v.message())
                    .collect(Collectors.joining("; "))),
        "Correct the fields named in the message and ask for the deployment again.",
        null);
  }

  public static FailureReason toolboxDeleted(String name) {
    return new FailureReason(
        TOOLBOX_DELETED,
        "Tool '%s' was not deployed: its toolbox is deleted or being deleted.".formatted(name),
        "Ask for a new toolbox and deploy the tool there.",
        null);
  }

  public static FailureReason toolboxRejected(String why) {
    return new FailureReason(
        TOOLBOX_REJECTED,
        "The tool was not deployed: its toolbox was not accepted. " + why,
        "Ask for a new toolbox and deploy the tool there.",
        null);
  }

  /** Of a wish that came before anybody had told whose the toolbox is. */
  public static FailureReason wrongAccount() {
    return new FailureReason(
        WRONG_ACCOUNT,
        "The tool was not deployed: its toolbox belongs to another account than the one that asked.",
        "Deploy the tool to a toolbox of your own account.",
        null);
  }

  static FailureReason instanceRemoved(DesiredTool wanted) {
    return new FailureReason(
        INSTANCE_REMOVED,
        "Tool '%s' was not deployed: tool instance %s has been removed."
            .formatted(wanted.name(), wanted.toolInstanceId()),
        "Ask for the deployment with a new toolInstanceId.",
        null);
  }
}
