package io.agentopia.toolbox.events;

/** An event that no topic would take; whatever made it, it is refused before it is stored. */
public final class EventTooLargeException extends RuntimeException {
  private final String field;
  private final long bytes;
  private final long limit;

  /**
   * @param event which, for people
   * @param field the largest part of its body, as a path of names
   * @param bytes of its body, or of its headers
   * @param limit what they may have
   */
  public EventTooLargeException(String event, String field, long bytes, long limit) {
    super(
        "%s has %d bytes, most of them in '%s'; at most %d are allowed"
            .formatted(event, bytes, field, limit));
    this.field = field;
    this.bytes = bytes;
    this.limit = limit;
  }

  public String field() {
    return field;
  }

  public long bytes() {
    return bytes;
  }

  public long limit() {
    return limit;
  }
}
