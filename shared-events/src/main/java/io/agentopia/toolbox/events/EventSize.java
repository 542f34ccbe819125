package io.agentopia.toolbox.events;

/**
 * How large anything may be that travels as an event: bytes, all derived from what the edge takes.
 * What is accepted can be stored, published, and set aside with the headers of what was tried.
 */
public final class EventSize {
  /** A request's body at the edge: {@code quarkus.http.limits.max-body-size}. */
  public static final int REQUEST = 1024 * 1024;

  private static final int ROOM = 64 * 1024;

  /**
   * An event's JSON body: the largest is a manifest of {@link Rules#MOST_TOOLS} tools, and an agent
   * reads no more of it. What is asked for is smaller, with all that the edge adds to it.
   */
  public static final int BODY = 2 * REQUEST;

  /** All headers of an event together, names and values. */
  public static final int HEADERS = 16 * 1024;

  /** A record on an event's topic: body, headers, and the broker's framing. */
  public static final int RECORD = BODY + ROOM;

  /** A record on a retry, dead-letter or replay topic: with the headers of what was tried. */
  public static final int SET_ASIDE = RECORD + ROOM;

  private EventSize() {}
}
