package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.Event;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.events.EventEnvelope;
import io.agentopia.toolbox.events.EventTypes;
import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.runtime.trace.Trace;
import io.agentopia.toolbox.runtime.work.Conflict;
import io.agentopia.toolbox.runtime.work.InTurn;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

/**
 * The one way an event comes in, be it from its topic, from a retry topic or from a replay: decode,
 * then inbox and handler in one transaction; on failure a retry topic or the dead-letter topic. The
 * returned Uni never fails, so a partition is never blocked: it completes when the record has been
 * handled or safely put elsewhere.
 */
@ApplicationScoped
public class Inbound {
  private static final Logger LOG = Logger.getLogger(Inbound.class);

  private final Inbox inbox;
  private final StoredOutbox outbox;
  private final RecordProducer producer;
  private final VertxContexts contexts;
  private final MessagingConfig config;
  private final Clock clock;

  @Inject
  public Inbound(
      Inbox inbox,
      StoredOutbox outbox,
      RecordProducer producer,
      VertxContexts contexts,
      MessagingConfig config,
      Clock clock) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.producer = producer;
    this.contexts = contexts;
    this.config = config;
    this.clock = clock;
  }

  /**
   * All records of one poll, in few transactions: see {@link BatchPlan}. A transaction that fails
   * is done again record by record, so that one bad record spoils nothing.
   */
  public <E extends Event> Uni<Void> receiveAll(
      ConsumerRecords<?, byte[]> records, EventHandler<E> handler) {
    var deliveries = new ArrayList<Delivery>(records.count());
    records.forEach(record -> deliveries.add(Delivery.of(record)));
    deliveries.removeIf(delivery -> isOfNoUse(delivery, handler));
    if (deliveries.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var lanes =
        BatchPlan.lanes(deliveries).stream()
            .map(lane -> inTurn(lane, chunk -> chunk(chunk, handler)))
            .toList();
    return Uni.join().all(lanes).andCollectFailures().replaceWithVoid();
  }

  public <E extends Event> Uni<Void> receive(
      ConsumerRecord<?, byte[]> record, EventHandler<E> handler) {
    var delivery = Delivery.of(record);
    return isOfNoUse(delivery, handler) ? Uni.createFrom().voidItem() : one(delivery, handler);
  }

  /** By its header: it need not even be readable. */
  private static <E extends Event> boolean isOfNoUse(Delivery delivery, EventHandler<E> handler) {
    var type = delivery.headers().get(EventCodec.TYPE);
    return type != null && EventTypes.recordFor(type).filter(t -> !handler.isOfUse(t)).isPresent();
  }

  private static <T> Uni<Void> inTurn(Collection<T> all, Function<T, Uni<Void>> work) {
    return InTurn.each(all, work::apply);
  }

  private <E extends Event> Uni<Void> chunk(List<Delivery> chunk, EventHandler<E> handler) {
    if (chunk.size() == 1) {
      return one(chunk.getFirst(), handler);
    }
    return together(chunk, handler)
        .ifNoItem()
        .after(config.handlerTimeout())
        .fail()
        .invoke(() -> chunk.forEach(delivery -> handler.ended(delivery.key())))
        .onFailure()
        .recoverWithUni(
            thrown -> {
              LOG.debugf("events handled one by one: number=%d cause=%s", chunk.size(), thrown);
              return inTurn(chunk, delivery -> one(delivery, handler));
            });
  }

  private <E extends Event> Uni<Void> together(List<Delivery> chunk, EventHandler<E> handler) {
    return transaction(
            () -> {
              var envelopes = decoded(chunk);
              return Panache.getSession()
                  .flatMap(
                      session ->
                          inbox
                              .addAll(session, envelopes.keySet())
                              .flatMap(
                                  added -> handleNew(session, envelopes.values(), added, handler))
                              .flatMap(x -> outbox.storeGathered(session)));
            })
        .onFailure(Conflict::is)
        .retry()
        .atMost(1);
  }

  /** What stands there twice is there once. */
  private static Map<UUID, EventEnvelope> decoded(List<Delivery> chunk) {
    var envelopes = new LinkedHashMap<UUID, EventEnvelope>();
    for (var delivery : chunk) {
      var envelope = EventCodec.decode(delivery.headers(), delivery.body());
      envelopes.putIfAbsent(envelope.id(), envelope);
    }
    return envelopes;
  }

  /**
   * On a context of its own, for two reasons. Sessions are bound to contexts, and what was set
   * aside before comes back on a thread of the broker's client. And whoever no longer waits for it,
   * after a time-out, does not end it half-way: that would give a connection to its next user with
   * the transaction open. Should it still come to its end, the inbox knows.
   */
  private Uni<Void> transaction(Supplier<Uni<Void>> work) {
    return contexts.apart(() -> Panache.withTransaction(work));
  }

  private <E extends Event> Uni<Void> handleNew(
      Mutiny.Session session,
      Collection<EventEnvelope> envelopes,
      Set<UUID> added,
      EventHandler<E> handler) {
    outbox.gather();
    var unseen = envelopes.stream().filter(envelope -> added.contains(envelope.id())).toList();
    return unseen.isEmpty()
        ? Uni.createFrom().voidItem()
        : handler
            .prepare(session, own(unseen, handler))
            .flatMap(
                x -> inTurn(unseen, envelope -> handler.handle(handler.own(envelope), envelope)));
  }

  /** Those that do not belong on the topic are refused when their turn comes. */
  private static <E extends Event> List<E> own(
      Collection<EventEnvelope> envelopes, EventHandler<E> handler) {
    return envelopes.stream()
        .map(EventEnvelope::event)
        .filter(handler.type()::isInstance)
        .map(handler.type()::cast)
        .toList();
  }

  private <E extends Event> Uni<Void> one(Delivery delivery, EventHandler<E> handler) {
    return Uni.createFrom()
        .deferred(() -> handle(delivery, handler))
        .onFailure()
        .recoverWithUni(thrown -> setAside(delivery, handler.topic(), thrown))
        .invoke(() -> handler.ended(delivery.key()));
  }

  /**
   * As {@link #receive}, without transaction and inbox: for events whose next one says it all
   * again, and of which there are many.
   */
  public <E extends Event> Uni<Void> receiveVolatile(
      ConsumerRecord<?, byte[]> record, EventHandler<E> handler) {
    var delivery = Delivery.of(record);
    return Uni.createFrom()
        .deferred(
            () -> {
              var envelope = EventCodec.decode(delivery.headers(), delivery.body());
              return handler.handle(handler.own(envelope), envelope);
            })
        .onFailure()
        .recoverWithUni(thrown -> setAside(delivery, handler.topic(), thrown));
  }

  private <E extends Event> Uni<Void> handle(Delivery delivery, EventHandler<E> handler) {
    var envelope = EventCodec.decode(delivery.headers(), delivery.body());
    return inTransaction(envelope, handler)
        .ifNoItem()
        .after(config.handlerTimeout())
        .failWith(
            () ->
                new TransientFailure(
                    "handler_timeout",
                    "handling took longer than " + config.handlerTimeout().toSeconds() + " s"))
        // Two writers met at one row: the loser reads again and decides anew.
        .onFailure(Conflict::is)
        .retry()
        .atMost(Conflict.RETRIES)
        // Without a database no event of this topic can be handled: waiting here holds nothing up,
        // keeps the order, and goes on as soon as it is back. A longer outage is for the retry
        // topics.
        .onFailure(DatabaseAway::is)
        .retry()
        .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(2))
        .expireIn(config.databasePatience().toMillis())
        .onFailure(Inbound::isOutOfPatience)
        .transform(Throwable::getCause);
  }

  private <E extends Event> Uni<Void> inTransaction(
      EventEnvelope envelope, EventHandler<E> handler) {
    return transaction(
        () ->
            Panache.getSession()
                .flatMap(session -> inbox.add(session, envelope.id()))
                .flatMap(
                    isNew ->
                        isNew
                            ? handler.handle(handler.own(envelope), envelope)
                            : duplicate(envelope)));
  }

  private static Uni<Void> duplicate(EventEnvelope envelope) {
    LOG.debugf(
        "event handled before: eventId=%s type=%s", envelope.id(), EventTypes.of(envelope.event()));
    return Uni.createFrom().voidItem();
  }

  /** What {@code expireIn} makes of the last failure. */
  private static boolean isOutOfPatience(Throwable thrown) {
    return thrown instanceof IllegalStateException && DatabaseAway.is(thrown.getCause());
  }

  private Uni<Void> setAside(Delivery delivery, String sourceTopic, Throwable thrown) {
    var failure = Failure.of(thrown);
    var tiers = config.retryDelays();
    var isLast = failure instanceof Failure.Permanent || delivery.attempt() > tiers.size();
    log(delivery, failure, thrown, isLast);
    return isLast
        ? bury(delivery, sourceTopic, failure, thrown)
        : retry(
            delivery, sourceTopic, failure, RetryDelay.choose(tiers, delivery.attempt(), failure));
  }

  private Uni<Void> bury(Delivery delivery, String sourceTopic, Failure failure, Throwable thrown) {
    var headers = delivery.forDeadLetter(failure, clock.instant());
    headers.put(Delivery.STACK, StackDigest.of(thrown));
    return publish(Topics.deadLetters(config.service(), sourceTopic), delivery, headers);
  }

  private Uni<Void> retry(Delivery delivery, String sourceTopic, Failure failure, Duration delay) {
    var attempts = config.retryDelays().size() + 1;
    return publish(
        Topics.retry(config.service(), sourceTopic, delay.toMillis()),
        delivery,
        delivery.forRetry(failure, clock.instant(), delay, attempts));
  }

  /** Does not give up: the record is not acknowledged before it stands somewhere else. */
  private Uni<Void> publish(String topic, Delivery delivery, Map<String, String> headers) {
    return producer
        .sendAsync(topic, delivery.key(), headers, delivery.body())
        .onFailure()
        .invoke(e -> LOG.warnf("record not set aside, tries again: topic=%s cause=%s", topic, e))
        .onFailure()
        .retry()
        .withBackOff(Duration.ofMillis(500), Duration.ofSeconds(10))
        .indefinitely();
  }

  private static void log(Delivery delivery, Failure failure, Throwable thrown, boolean isLast) {
    var headers = delivery.headers();
    LOG.logf(
        isLast ? Logger.Level.ERROR : Logger.Level.WARN,
        failure instanceof Failure.Bug ? thrown : null,
        "event not handled, %s: record=%s/%d/%d eventId=%s type=%s toolboxId=%s traceId=%s attempt=%d code=%s cause=%s",
        isLast ? "dead letter" : "will be tried again",
        delivery.topic(),
        delivery.partition(),
        delivery.offset(),
        headers.get(EventCodec.ID),
        headers.get(EventCodec.TYPE),
        delivery.key(),
        Trace.id(headers.get(EventCodec.TRACEPARENT)),
        delivery.attempt(),
        failure.code(),
        failure.message());
  }
}
