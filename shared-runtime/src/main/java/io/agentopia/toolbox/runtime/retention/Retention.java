package io.agentopia.toolbox.runtime.retention;

import java.time.Duration;
import java.util.List;

/**
 * How long one kind of row is kept; a service has a bean of this type for each. docs/retention.md
 * lists them all.
 *
 * @param what it is, for the log
 * @param keep from when the row was done with
 * @param deletes statements in order, what refers to a row before the row; {@code $1} is the time
 *     before which a row was done with, {@code $2} how many rows to delete at most
 */
public record Retention(String what, Duration keep, List<String> deletes) {
  public Retention(String what, Duration keep, String... deletes) {
    this(what, keep, List.of(deletes));
  }
}
