package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.Topics;
import io.agentopia.toolbox.runtime.work.VertxContexts;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One consumer for each delay, so that a long one never holds up a short one (SmallRye 4.33 reads
 * all tiers with one consumer; see docs/decisions/0003).
 */
@ApplicationScoped
public class RetryTiers {
  private final BrokerSettings broker;
  private final MessagingConfig config;
  private final Map<String, EventHandler<?>> handlers;
  private final Inbound inbound;
  private final VertxContexts contexts;
  private final Clock clock;
  private final List<RetryTier> tiers = new ArrayList<>();

  @Inject
  public RetryTiers(
      BrokerSettings broker,
      MessagingConfig config,
      @All List<EventHandler<?>> handlers,
      Inbound inbound,
      VertxContexts contexts,
      Clock clock) {
    this.broker = broker;
    this.config = config;
    this.handlers = handlers.stream().collect(Collectors.toMap(EventHandler::topic, h -> h));
    this.inbound = inbound;
    this.contexts = contexts;
    this.clock = clock;
  }

  void start(@Observes @Priority(200) StartupEvent event) {
    if (!handlers.isEmpty()) {
      config.retryDelays().forEach(this::startTier);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    tiers.forEach(RetryTier::close);
  }

  private void startTier(Duration delay) {
    var byRetryTopic =
        handlers.values().stream()
            .collect(
                Collectors.toMap(
                    h -> Topics.retry(config.service(), h.topic(), delay.toMillis()), h -> h));
    var tier =
        new RetryTier(
            broker,
            config.service() + ".retry",
            byRetryTopic.keySet(),
            clock,
            record ->
                contexts
                    .run(() -> inbound.receive(record, byRetryTopic.get(record.topic())))
                    .join());
    tiers.add(tier);
    tier.start(delay);
  }
}
