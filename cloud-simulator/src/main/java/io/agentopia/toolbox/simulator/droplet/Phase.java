package io.agentopia.toolbox.simulator.droplet;

import java.time.Instant;

/** Where a droplet is in its life. Whether its machine runs is another matter: see {@link Plan}. */
public sealed interface Phase {

  /** DigitalOcean's word. */
  String status();

  /** Accepted, not placed yet. */
  record Starting(Instant activeAt) implements Phase {
    @Override
    public String status() {
      return "new";
    }
  }

  record Active() implements Phase {
    @Override
    public String status() {
      return "active";
    }
  }

  record Off() implements Phase {
    @Override
    public String status() {
      return "off";
    }
  }

  /**
   * Deleted by somebody, still to be seen for a moment.
   *
   * @param lastStatus what it goes on showing
   */
  record Destroying(Instant goneAt, String lastStatus) implements Phase {
    @Override
    public String status() {
      return lastStatus;
    }
  }

  /** Only the ledger remembers it. */
  record Gone(Instant at, String reason) implements Phase {
    public static final String DELETED = "deleted";
    public static final String DISAPPEARED = "disappeared";

    @Override
    public String status() {
      return "archive";
    }
  }
}
