package io.agentopia.toolbox.simulator.droplet;

import java.time.Instant;

/**
 * An event in a droplet's life, as the API shows it.
 *
 * @param completedAt null while in progress
 */
public record Action(long id, String type, Status status, Instant startedAt, Instant completedAt) {

  public enum Status {
    IN_PROGRESS("in-progress"),
    COMPLETED("completed"),
    ERRORED("errored");

    private final String word;

    Status(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  static Action begun(long id, String type, Instant now) {
    return new Action(id, type, Status.IN_PROGRESS, now, null);
  }

  Action ended(Status how, Instant now) {
    return new Action(id, type, how, startedAt, now);
  }
}
