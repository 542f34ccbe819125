package io.agentopia.toolbox.events;

import java.util.UUID;

/**
 * What every event is about; on the wire its fields stand beside the event's own.
 *
 * @param toolboxId the toolbox concerned; also the Kafka key, so order holds per toolbox within a
 *     topic
 * @param accountId the account that owns the toolbox. Every consumer checks it against its own row.
 * @param generation which droplet of the toolbox this is about: 1 for the first, one more for each
 *     replacement. In a wish, 0 means "whichever is current".
 * @param sequence rises by at least one with each event its writer publishes about this toolbox; 0
 *     where the writer keeps no count
 */
public record Subject(UUID toolboxId, String accountId, long generation, long sequence) {
  public Subject {
    Required.value("toolboxId", toolboxId);
    Required.text("accountId", accountId);
    Required.notNegative("generation", generation);
    Required.notNegative("sequence", sequence);
  }
}
