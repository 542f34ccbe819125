package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.EventSize;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The service's one Kafka producer: idempotent, acknowledged by all replicas. */
@ApplicationScoped
public class RecordProducer {
  /** Nothing that any topic takes is refused here; bytes. */
  private static final int LARGEST_REQUEST = 2 * EventSize.SET_ASIDE;

  private static final Duration LONGEST_BLOCK = Duration.ofSeconds(5);

  private final KafkaProducer<byte[], byte[]> producer;

  @Inject
  public RecordProducer(BrokerSettings broker) {
    this(broker, Duration.ZERO);
  }

  /**
   * @param linger how long a record may wait for others to go with, whose acknowledgement is one
   */
  protected RecordProducer(BrokerSettings broker, Duration linger) {
    producer =
        new KafkaProducer<>(
            broker.with(
                Map.of(
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    true,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    30_000,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    10_000,
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    (int) LONGEST_BLOCK.toMillis(),
                    ProducerConfig.LINGER_MS_CONFIG,
                    linger.toMillis(),
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                    LARGEST_REQUEST,
                    ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                    ByteArraySerializer.class.getName(),
                    ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                    ByteArraySerializer.class.getName())));
  }

  /**
   * Completes when the broker has the record; fails when it could not be delivered within 30 s. May
   * block up to 5 s.
   */
  public CompletableFuture<Void> send(
      String topic, String key, Map<String, String> headers, byte[] body) {
    var record =
        new ProducerRecord<>(
            topic, null, null, key == null ? null : key.getBytes(StandardCharsets.UTF_8), body);
    headers.forEach(
        (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    var done = new CompletableFuture<Void>();
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              done.complete(null);
            } else {
              done.completeExceptionally(failure);
            }
          });
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
    return done;
  }

  /** As {@link #send}, off the event loop; the caller goes on on a thread of the worker pool. */
  public Uni<Void> sendAsync(String topic, String key, Map<String, String> headers, byte[] body) {
    return Uni.createFrom()
        .completionStage(() -> send(topic, key, headers, body))
        .runSubscriptionOn(io.smallrye.mutiny.infrastructure.Infrastructure.getDefaultWorkerPool());
  }

  @PreDestroy
  void close() {
    producer.close(Duration.ofSeconds(3));
  }
}
