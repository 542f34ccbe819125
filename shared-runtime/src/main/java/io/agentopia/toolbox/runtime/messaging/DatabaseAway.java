package io.agentopia.toolbox.runtime.messaging;

import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * Tells whether a failure means that the database itself is out of reach. Then nothing of a topic
 * can be handled, so waiting in place holds nothing up and keeps the order; see {@link Inbound}.
 */
public final class DatabaseAway {
  /**
   * Shutting down, crashed, starting, too many connections; and the database's word to one that was
   * silent for too long, in a transaction or out of it.
   */
  private static final Set<String> STATES =
      Set.of("57P01", "57P02", "57P03", "53300", "25P03", "57P05");

  private static final Set<String> NO_CONNECTION =
      Set.of("timeout", "timeout waiting for connection");

  private DatabaseAway() {}

  public static boolean is(Throwable thrown) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException e) {
        return e.getSqlState() != null
            && (e.getSqlState().startsWith("08") || STATES.contains(e.getSqlState()));
      }
      if (cause instanceof IOException || isClosedConnection(cause)) {
        return true;
      }
    }
    return false;
  }

  /** The pool's word for a connection that broke under a statement, or for none that came free. */
  private static boolean isClosedConnection(Throwable cause) {
    if (!cause.getClass().getName().startsWith("io.vertx.") || cause.getMessage() == null) {
      return false;
    }
    var message = cause.getMessage().toLowerCase(Locale.ROOT);
    return message.contains("clos")
        || message.contains("connection may have been lost")
        || NO_CONNECTION.contains(message);
  }
}
