package io.agentopia.toolbox.simulator.docker.engine;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened in the engine.
 *
 * @param type {@code container}, {@code image} or {@code network}
 */
public record EngineEvent(
    String type, String action, String id, Map<String, String> attributes, Instant at) {}
