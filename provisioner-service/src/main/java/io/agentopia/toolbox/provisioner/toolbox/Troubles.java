package io.agentopia.toolbox.provisioner.toolbox;

import static io.agentopia.toolbox.events.HumanDuration.words;

import io.agentopia.toolbox.provisioner.toolbox.ToolboxState.Trouble;
import java.time.Duration;

/**
 * What can go wrong with a toolbox, as its owner is told: a stable code, what it was, what to do.
 */
final class Troubles {
  private Troubles() {}

  static Trouble createTimeout(Toolbox t, Duration patience, int attempts) {
    return new Trouble(
        "create_timeout",
        "No droplet could be had for toolbox %s within %s (%s attempts)."
            .formatted(t.id(), words(patience), attempts),
        "Look at the cloud's status page, then recreate the toolbox.");
  }

  static Trouble noAddress(Toolbox t, long dropletId, Duration patience) {
    return new Trouble(
        "no_address",
        "Droplet %s of toolbox %s had no public address %s after it was created."
            .formatted(dropletId, t.id(), words(patience)),
        "Recreate the toolbox; if it happens again, choose another region.");
  }

  static Trouble disappeared(Toolbox t, long dropletId) {
    return new Trouble(
        "droplet_disappeared",
        "Droplet %s of toolbox %s was accepted by the cloud and then disappeared before it was ready."
            .formatted(dropletId, t.id()),
        "Recreate the toolbox; if it happens again, choose another region or size.");
  }

  /**
   * @param detail what the droplet said of it, or null
   */
  static Trouble bootFailed(Toolbox t, long dropletId, String detail) {
    var said = detail == null || detail.isBlank() ? "." : ": " + detail + ".";
    return new Trouble(
        "boot_failed",
        "The boot of droplet %s of toolbox %s failed%s".formatted(dropletId, t.id(), said),
        "Read the end of the log in the toolbox's timeline, then recreate the toolbox.");
  }

  static Trouble neverJoined(Toolbox t, long dropletId, Duration patience) {
    return new Trouble(
        "agent_never_joined",
        "The agent of toolbox %s did not join from droplet %s within %s."
            .formatted(t.id(), dropletId, words(patience)),
        "Look at the boot stages in the toolbox's timeline, then recreate the toolbox.");
  }

  static Trouble neverHealthy(Toolbox t, long dropletId, Duration patience) {
    return new Trouble(
        "agent_never_healthy",
        "The agent of toolbox %s joined from droplet %s but was not healthy within %s."
            .formatted(t.id(), dropletId, words(patience)),
        "Look at the toolbox's health findings, then recreate the toolbox.");
  }

  static Trouble deleteTimeout(Toolbox t, Duration patience, int attempts, Duration again) {
    return new Trouble(
        "delete_timeout",
        "The droplet of toolbox %s could not be deleted within %s (%s attempts). It is tried again every %s."
            .formatted(t.id(), words(patience), attempts, words(again)),
        "Look at the droplet in the cloud's control panel; to have it tried at once delete the toolbox again, with force if the droplet is gone.");
  }

  static Trouble replaceTimeout(Toolbox t, Duration patience) {
    return new Trouble(
        "replace_timeout",
        "The old droplet of toolbox %s could not be deleted within %s, so no new one was created."
            .formatted(t.id(), words(patience)),
        "Look at the old droplet in the cloud's control panel, then recreate the toolbox.");
  }
}
