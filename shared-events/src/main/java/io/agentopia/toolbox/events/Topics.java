package io.agentopia.toolbox.events;

import java.util.List;
import java.util.Map;

/**
 * Every topic of the system, in one place. All have the same partition count; the key is the
 * toolbox id.
 */
public final class Topics {
  public static final String TOOLBOX_REQUESTS = "toolbox.requests";
  public static final String TOOLBOX_LIFECYCLE = "toolbox.lifecycle";
  public static final String TOOLBOX_BOOT = "toolbox.boot";
  public static final String TOOLBOX_HEALTH = "toolbox.health";
  public static final String TOOL_REQUESTS = "tool.requests";
  public static final String TOOL_LIFECYCLE = "tool.lifecycle";
  public static final String TOOLBOX_MANIFESTS = "toolbox.manifests";
  public static final String AGENT_HEARTBEATS = "agent.heartbeats";
  public static final String AGENT_REPORTS = "agent.reports";

  /**
   * Signs of life of the gateway's instances, one every two seconds while agents can be heard
   * through it; the key is the instance, and there is no body. No event: nothing is decided by one.
   */
  public static final String EDGE_PULSE = "edge.pulse";

  /** No topic: stands for a service's outbox in the names of its dead letters and replays. */
  public static final String OUTBOX = "outbox";

  public static final List<String> ALL =
      List.of(
          TOOLBOX_REQUESTS,
          TOOLBOX_LIFECYCLE,
          TOOLBOX_BOOT,
          TOOLBOX_HEALTH,
          TOOL_REQUESTS,
          TOOL_LIFECYCLE,
          TOOLBOX_MANIFESTS,
          AGENT_HEARTBEATS,
          AGENT_REPORTS);

  private Topics() {}

  /** All dead-letter topics, whoever writes them; service names have no dots. */
  public static final String DEAD_LETTERS_PATTERN = "[^.]+\\..+\\.dlt";

  /** All retry topics. */
  public static final String RETRY_PATTERN = "[^.]+\\..+\\.retry_[0-9]+";

  /** A topic that belongs to one consumer: who consumes, and what. */
  public record Owned(String service, String topic) {}

  /** Whose events they are: a record, or the sealed interface of a topic's records. */
  private static final Map<Class<? extends Event>, String> BY_TYPE =
      Map.of(
          ToolboxRequest.class, TOOLBOX_REQUESTS,
          ToolboxLifecycle.class, TOOLBOX_LIFECYCLE,
          ToolboxBoot.class, TOOLBOX_BOOT,
          ToolboxHealth.class, TOOLBOX_HEALTH,
          ToolRequest.class, TOOL_REQUESTS,
          ToolLifecycle.class, TOOL_LIFECYCLE,
          ToolboxManifestChanged.class, TOOLBOX_MANIFESTS,
          AgentEvent.AgentHeartbeat.class, AGENT_HEARTBEATS,
          AgentEvent.AgentReport.class, AGENT_REPORTS);

  /** The topic an event belongs on. */
  public static String of(Event event) {
    return switch (event) {
      case ToolboxRequest e -> TOOLBOX_REQUESTS;
      case ToolboxLifecycle e -> TOOLBOX_LIFECYCLE;
      case ToolboxBoot e -> TOOLBOX_BOOT;
      case ToolboxHealth e -> TOOLBOX_HEALTH;
      case ToolRequest e -> TOOL_REQUESTS;
      case ToolLifecycle e -> TOOL_LIFECYCLE;
      case ToolboxManifestChanged e -> TOOLBOX_MANIFESTS;
      case AgentEvent.AgentHeartbeat e -> AGENT_HEARTBEATS;
      case AgentEvent.AgentReport e -> AGENT_REPORTS;
    };
  }

  /**
   * The topic of a record, or of a sealed interface whose records all belong on one.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static String of(Class<? extends Event> type) {
    return BY_TYPE.entrySet().stream()
        .filter(entry -> entry.getKey().isAssignableFrom(type))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException(type.getSimpleName() + " has no topic of its own"));
  }

  /**
   * Where {@code service} puts what it failed to handle and will try again after {@code
   * delayMillis}.
   */
  public static String retry(String service, String topic, long delayMillis) {
    return service + "." + topic + ".retry_" + delayMillis;
  }

  public static boolean isRetry(String topic) {
    return topic.contains(".retry_");
  }

  /** Where {@code service} puts what it gave up on. */
  public static String deadLetters(String service, String topic) {
    return service + "." + topic + ".dlt";
  }

  public static boolean isDeadLetters(String topic) {
    return topic.endsWith(".dlt");
  }

  /** Where operators put what {@code service}, and nobody else, shall handle once more. */
  public static String replay(String service, String topic) {
    return service + "." + topic + ".replay";
  }

  /**
   * Whose dead-letter or retry topic it is.
   *
   * @throws IllegalArgumentException where it is neither
   */
  public static Owned owner(String topic) {
    var dot = topic.indexOf('.');
    var end = isRetry(topic) ? topic.lastIndexOf(".retry_") : topic.lastIndexOf(".dlt");
    if (dot <= 0 || end <= dot) {
      throw new IllegalArgumentException(
          "'" + topic + "' is neither a dead-letter topic nor a retry topic");
    }
    return new Owned(topic.substring(0, dot), topic.substring(dot + 1, end));
  }
}
