package io.agentopia.toolbox.runtime.messaging;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;

/** How a service takes part in the event traffic. */
@ConfigMapping(prefix = "toolbox.messaging")
public interface MessagingConfig {
  /**
   * Name of the service: consumer group, CloudEvents source, and prefix of its retry, dead-letter
   * and replay topics.
   */
  String service();

  /**
   * Partitions of every topic this service creates. Retry topics never have fewer than their
   * source.
   */
  @Min(1)
  @Max(1000)
  int partitions();

  @Min(1)
  short replicationFactor();

  /** Replicas that must have a record before it is acknowledged; of topics made from now on. */
  @Min(1)
  int minInSyncReplicas();

  /** How long events and what is set aside of them are kept; of topics made from now on. */
  Duration eventRetention();

  /** How long heartbeats are kept; of a topic made from now on. */
  Duration heartbeatRetention();

  /**
   * Waits before the second, third … attempt at an event whose handling failed for a passing
   * reason.
   */
  List<Duration> retryDelays();

  /** Longest time one handling of one event may take. */
  Duration handlerTimeout();

  /**
   * How long an event waits in its place for a database that is away, before it goes to the retry
   * topics.
   */
  Duration databasePatience();

  /** How long published events stay in the outbox. */
  Duration outboxRetention();

  /** How long an event that the broker refused can be published by a replay. */
  Duration refusedRetention();

  /** How long handled event ids are remembered. */
  Duration inboxRetention();
}
