package io.agentopia.toolbox.events;

import java.util.Map;

/**
 * An event as it stands on a topic: the key, the headers (CloudEvents binary mode) and the JSON
 * body.
 */
public record WireEvent(String topic, String key, Map<String, String> headers, byte[] body) {}
