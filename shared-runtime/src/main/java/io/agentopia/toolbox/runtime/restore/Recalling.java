package io.agentopia.toolbox.runtime.restore;

import io.agentopia.toolbox.events.EventEnvelope;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * What a service had told after the dump that its database was restored from, and can learn from
 * its own topics: what it cannot learn from those of others. Called before anything else is done.
 */
public interface Recalling {
  /** Topics that this service alone writes, in the order in which they are read. */
  List<String> topics();

  /**
   * Takes in what was told, unless it is known. Called in a transaction of its own, also more than
   * once with the same events; nothing is to be published.
   *
   * @param told by this service, in the order of the topic
   */
  Uni<Void> recall(List<EventEnvelope> told);
}
