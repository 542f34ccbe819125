package io.agentopia.toolbox.health.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;

/** Documents in columns. */
public final class Stored {
  private static final ObjectMapper JSON = EventCodec.mapper();

  private Stored() {}

  public static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "what is stored cannot be read as " + type.getSimpleName(), e);
    }
  }

  public static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a toolbox's health as JSON", e);
    }
  }
}
