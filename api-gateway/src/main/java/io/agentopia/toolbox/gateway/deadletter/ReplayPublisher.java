package io.agentopia.toolbox.gateway.deadletter;

import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.gateway.deadletter.LetterStore.Parcel;
import io.agentopia.toolbox.runtime.messaging.Delivery;
import io.agentopia.toolbox.runtime.messaging.RecordProducer;
import io.agentopia.toolbox.runtime.work.Drivers;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Publishes replayed letters when their turn comes: to the replay topic of the consumer that
 * failed, as they were, without a word of the attempts before, and in the order in which they came.
 * One that cannot be published holds up its own toolbox; a crash in between publishes it twice,
 * which the consumer's inbox bears.
 */
@ApplicationScoped
public class ReplayPublisher {
  private static final Logger LOG = Logger.getLogger(ReplayPublisher.class);
  private static final int AT_ONCE = 200;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofSeconds(60);

  @Inject LetterStore letters;
  @Inject RecordProducer producer;
  @Inject Clock clock;

  void start(@Observes StartupEvent event, Drivers drivers) {
    drivers.every("replays", EVERY, this::publishDue);
  }

  private Uni<Void> publishDue() {
    return letters.claimDue(AT_ONCE, clock.instant().plus(LEASE)).flatMap(this::inOrder);
  }

  /** What follows one that could not be published, of the same toolbox, waits for it. */
  private Uni<Void> inOrder(List<Parcel> due) {
    var stopped = new HashSet<String>();
    return InTurn.each(
        due,
        letter ->
            stopped.contains(letter.key())
                ? Uni.createFrom().voidItem()
                : publish(letter, stopped));
  }

  private Uni<Void> publish(Parcel letter, Set<String> stopped) {
    var topic = Topics.replay(letter.service(), letter.topic());
    return producer
        .sendAsync(topic, letter.key(), Delivery.withoutAttempts(letter.headers()), letter.body())
        .flatMap(x -> letters.published(letter.id()))
        .invoke(() -> LOG.infof("dead letter replayed: letterId=%s topic=%s", letter.id(), topic))
        .onFailure()
        .invoke(
            e ->
                LOG.warnf(
                    "dead letter not replayed, tried again in %d s: letterId=%s topic=%s cause=%s",
                    LEASE.toSeconds(), letter.id(), topic, e))
        .onFailure()
        .invoke(e -> stopped.add(letter.key()))
        .onFailure()
        .recoverWithNull();
  }
}
