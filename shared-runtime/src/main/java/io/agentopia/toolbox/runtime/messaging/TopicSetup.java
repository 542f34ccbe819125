package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.EventSize;
import io.agentopia.toolbox.events.Topics;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/**
 * Creates the topics a service needs before its channels start, and waits until every partition
 * answers: a producer that starts earlier can lose its first records even with acks=all
 * (KAFKA-15591).
 */
@ApplicationScoped
public class TopicSetup {
  private static final Logger LOG = Logger.getLogger(TopicSetup.class);
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String SIZE = TopicConfig.MAX_MESSAGE_BYTES_CONFIG;

  private final BrokerSettings broker;
  private final MessagingConfig config;
  private final List<EventHandler<?>> handlers;

  @Inject
  public TopicSetup(
      BrokerSettings broker, MessagingConfig config, @All List<EventHandler<?>> handlers) {
    this.broker = broker;
    this.config = config;
    this.handlers = handlers;
  }

  /** Every event that was accepted fits. */
  private Map<String, String> events() {
    return settings(EventSize.RECORD, config.eventRetention());
  }

  /** It still fits where it is set aside, with the cause in its headers. */
  private Map<String, String> setAside() {
    return settings(EventSize.SET_ASIDE, config.eventRetention());
  }

  /** Of heartbeats the next one says it all again: what is older is of no use to anybody. */
  private Map<String, String> beats() {
    var settings = settings(EventSize.RECORD, config.heartbeatRetention());
    var segment = config.heartbeatRetention().dividedBy(3);
    settings.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(segment.toMillis()));
    return settings;
  }

  /** The newest of each toolbox stays, however old it is: it is the state itself. */
  private Map<String, String> states() {
    var settings = events();
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    return settings;
  }

  private Map<String, String> settings(int bytes, Duration retention) {
    var settings = new HashMap<String, String>();
    settings.put(SIZE, Integer.toString(bytes));
    settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    settings.put(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(config.minInSyncReplicas()));
    return settings;
  }

  void start(@Observes @Priority(1) StartupEvent event) throws InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (var admin =
          Admin.create(
              broker.with(Map.of("request.timeout.ms", 5_000, "default.api.timeout.ms", 10_000)))) {
        create(admin);
        return;
      } catch (ExecutionException | TimeoutException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "creating the topics at "
                  + broker.address()
                  + " failed: "
                  + e.getCause()
                  + ". Check that the broker runs, that kafka.bootstrap.servers names it, and what"
                  + " kafka.* says of security; the rights a service needs are in deploy/kafka.",
              e);
        }
        LOG.infof(
            "broker not ready, tries again in 1 s: bootstrapServers=%s cause=%s",
            broker.address(), e.getMessage());
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  private void create(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    createMissing(admin, List.of(Topics.AGENT_HEARTBEATS), config.partitions(), beats());
    createMissing(admin, List.of(Topics.EDGE_PULSE), 1, beats());
    createMissing(admin, List.of(Topics.TOOLBOX_MANIFESTS), config.partitions(), states());
    createMissing(admin, Topics.ALL, config.partitions(), events());
    var partitions = partitions(admin, Topics.ALL);
    var own = new HashMap<Integer, List<String>>();
    for (var handler : handlers) {
      own.computeIfAbsent(partitions.get(handler.topic()), n -> new ArrayList<>())
          .addAll(ownTopics(handler.topic()));
    }
    own.computeIfAbsent(config.partitions(), n -> new ArrayList<>())
        .addAll(
            List.of(
                Topics.deadLetters(config.service(), Topics.OUTBOX),
                Topics.replay(config.service(), Topics.OUTBOX)));
    for (var group : own.entrySet()) {
      createMissing(admin, group.getValue(), group.getKey(), setAside());
    }
    var all = new ArrayList<>(Topics.ALL);
    widen(admin, all, EventSize.RECORD);
    var setAside = own.values().stream().flatMap(List::stream).toList();
    widen(admin, setAside, EventSize.SET_ASIDE);
    all.addAll(setAside);
    all.add(Topics.EDGE_PULSE);
    waitUntilAnswering(admin, partitions(admin, all));
  }

  private List<String> ownTopics(String topic) {
    var names = new ArrayList<String>();
    config
        .retryDelays()
        .forEach(delay -> names.add(Topics.retry(config.service(), topic, delay.toMillis())));
    names.add(Topics.deadLetters(config.service(), topic));
    names.add(Topics.replay(config.service(), topic));
    return names;
  }

  private void createMissing(
      Admin admin, List<String> topics, int partitions, Map<String, String> settings)
      throws InterruptedException, ExecutionException {
    Set<String> existing = admin.listTopics().names().get();
    var missing =
        topics.stream()
            .filter(t -> !existing.contains(t))
            .map(t -> new NewTopic(t, partitions, config.replicationFactor()).configs(settings))
            .toList();
    for (var created : admin.createTopics(missing).values().entrySet()) {
      try {
        created.getValue().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) { // another service was faster
          throw e;
        }
      }
    }
  }

  /** Topics that stood before, with less room: what was accepted must fit. */
  private static void widen(Admin admin, List<String> topics, int bytes)
      throws InterruptedException, ExecutionException {
    var resources =
        topics.stream().map(t -> new ConfigResource(ConfigResource.Type.TOPIC, t)).toList();
    var wider = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
    for (var found : admin.describeConfigs(resources).all().get().entrySet()) {
      if (Integer.parseInt(found.getValue().get(SIZE).value()) < bytes) {
        var entry = new ConfigEntry(SIZE, Integer.toString(bytes));
        wider.put(found.getKey(), List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET)));
      }
    }
    if (!wider.isEmpty()) {
      LOG.infof("topics take larger records now: bytes=%d topics=%s", bytes, wider.keySet());
      admin.incrementalAlterConfigs(wider).all().get();
    }
  }

  private static Map<String, Integer> partitions(Admin admin, List<String> topics)
      throws InterruptedException, ExecutionException {
    return admin.describeTopics(topics).allTopicNames().get().values().stream()
        .collect(Collectors.toMap(TopicDescription::name, d -> d.partitions().size()));
  }

  private static void waitUntilAnswering(Admin admin, Map<String, Integer> topics)
      throws InterruptedException, ExecutionException, TimeoutException {
    var wanted =
        topics.entrySet().stream()
            .flatMap(
                t ->
                    IntStream.range(0, t.getValue())
                        .mapToObj(p -> new TopicPartition(t.getKey(), p)))
            .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    admin.listOffsets(wanted).all().get(10, TimeUnit.SECONDS);
  }
}
