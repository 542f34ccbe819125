package io.agentopia.toolbox.runtime.restore;

import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.runtime.messaging.BrokerSettings;
import io.agentopia.toolbox.runtime.messaging.MessagingConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jboss.logging.Logger;

/** How far this service has read the topics of others. */
@ApplicationScoped
class Groups {
  private static final Logger LOG = Logger.getLogger(Groups.class);

  /** A member that was killed is missed after its session's time-out, 10 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final BrokerSettings broker;
  private final List<String> names;

  @Inject
  Groups(BrokerSettings broker, MessagingConfig config) {
    this.broker = broker;
    this.names = List.of(config.service(), config.service() + ".dead-letters");
  }

  /** Lets every event be read again that came since then. Blocks; no instance may be reading. */
  void rewind(Instant from) throws InterruptedException {
    try (var admin = admin()) {
      for (var group : names) {
        rewind(admin, group, from);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading events again since " + from + " failed", e);
    }
  }

  private static void rewind(Admin admin, String group, Instant from)
      throws InterruptedException, ExecutionException {
    var committed = committed(admin, group);
    if (committed.isEmpty()) {
      return;
    }
    var earlier = new HashMap<TopicPartition, OffsetAndMetadata>();
    var starts = offsets(admin, committed, OffsetSpec.forTimestamp(from.toEpochMilli()));
    committed.forEach(
        (partition, offset) -> {
          var start = starts.get(partition);
          if (start >= 0 && start < offset) { // -1: nothing came since
            earlier.put(partition, new OffsetAndMetadata(start));
          }
        });
    if (earlier.isEmpty()) {
      return;
    }
    LOG.warnf("events are read again: group=%s from=%s partitions=%s", group, from, earlier);
    commit(admin, group, earlier);
  }

  private static void commit(
      Admin admin, String group, Map<TopicPartition, OffsetAndMetadata> offsets)
      throws InterruptedException, ExecutionException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        admin.alterConsumerGroupOffsets(group, offsets).all().get();
        return;
      } catch (ExecutionException e) {
        if (!isStillRead(e.getCause()) || System.nanoTime() > deadline) {
          throw e;
        }
        LOG.infof(
            "somebody still reads, stop every instance of this service: group=%s cause=%s",
            group, e.getCause().getMessage());
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  private static boolean isStillRead(Throwable cause) {
    return cause instanceof UnknownMemberIdException
        || cause instanceof GroupNotEmptyException
        || cause instanceof RebalanceInProgressException;
  }

  /**
   * Waits until all is handled that stands in the topics now. Blocks.
   *
   * @param goesOn asked now and then; false: nobody waits any more
   */
  void awaitHandled(BooleanSupplier goesOn) throws InterruptedException, ExecutionException {
    try (var admin = admin()) {
      var ends = new HashMap<TopicPartition, Long>();
      for (var group : names) {
        ends.putAll(offsets(admin, committed(admin, group), OffsetSpec.latest()));
      }
      while (goesOn.getAsBoolean() && !isHandled(admin, ends)) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
      }
    }
  }

  private boolean isHandled(Admin admin, Map<TopicPartition, Long> ends)
      throws InterruptedException, ExecutionException {
    var behind = new HashMap<>(ends);
    for (var group : names) {
      committed(admin, group)
          .forEach(
              (partition, offset) ->
                  behind.computeIfPresent(partition, (p, end) -> offset >= end ? null : end));
    }
    return behind.isEmpty();
  }

  /** Of heartbeats and signs of life a service keeps the position itself. */
  private static Map<TopicPartition, Long> committed(Admin admin, String group)
      throws InterruptedException, ExecutionException {
    return admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .entrySet()
        .stream()
        .filter(e -> e.getValue() != null)
        .filter(e -> !e.getKey().topic().equals(Topics.AGENT_HEARTBEATS))
        .filter(e -> !e.getKey().topic().equals(Topics.EDGE_PULSE))
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
  }

  private static Map<TopicPartition, Long> offsets(
      Admin admin, Map<TopicPartition, Long> partitions, OffsetSpec which)
      throws InterruptedException, ExecutionException {
    return admin
        .listOffsets(partitions.keySet().stream().collect(Collectors.toMap(p -> p, p -> which)))
        .all()
        .get()
        .entrySet()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
  }

  private Admin admin() {
    return Admin.create(
        broker.with(Map.of("request.timeout.ms", 5_000, "default.api.timeout.ms", 15_000)));
  }
}
