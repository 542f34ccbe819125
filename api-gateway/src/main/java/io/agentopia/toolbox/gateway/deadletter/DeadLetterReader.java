package io.agentopia.toolbox.gateway.deadletter;

import io.agentopia.toolbox.runtime.messaging.DatabaseAway;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Brings every service's dead letters, and what waits on their retry topics, into the store. It
 * waits for the database as long as it takes; a letter that the database refuses stays on its topic
 * and holds up no other.
 */
@ApplicationScoped
public class DeadLetterReader {
  private static final Logger LOG = Logger.getLogger(DeadLetterReader.class);
  private static final Duration SOON = Duration.ofMillis(500);
  private static final Duration SELDOM = Duration.ofSeconds(10);

  @Inject LetterStore letters;
  @Inject RetryStore retries;

  @Incoming("dead-letters")
  public Uni<Void> deadLetter(ConsumerRecord<String, byte[]> record) {
    return Uni.createFrom()
        .deferred(() -> letters.add(Failed.of(record)))
        .onFailure(DatabaseAway::is)
        .invoke(
            e ->
                LOG.warnf(
                    "dead letter not kept, tries again: record=%s/%d/%d cause=%s",
                    record.topic(), record.partition(), record.offset(), e))
        .onFailure(DatabaseAway::is)
        .retry()
        .withBackOff(SOON, SELDOM)
        .indefinitely()
        .onFailure()
        .invoke(
            e ->
                LOG.errorf(
                    e,
                    "dead letter not kept, it stays on its topic: record=%s/%d/%d",
                    record.topic(),
                    record.partition(),
                    record.offset()))
        .onFailure()
        .recoverWithNull();
  }

  /** Only shown to people: one that cannot be noted is let go. */
  @Incoming("retries")
  public Uni<Void> retry(ConsumerRecord<String, byte[]> record) {
    return Uni.createFrom()
        .deferred(() -> retries.note(Failed.of(record)))
        .onFailure()
        .invoke(
            e ->
                LOG.warnf(
                    "retry not noted: record=%s/%d/%d cause=%s",
                    record.topic(), record.partition(), record.offset(), e))
        .onFailure()
        .recoverWithNull();
  }
}
