package io.agentopia.toolbox.provisioner.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentopia.toolbox.events.EventCodec;
import io.agentopia.toolbox.provisioner.toolbox.ToolboxState;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A state as JSON, with the name of its record beside it. The names are data: renaming a record
 * needs a migration.
 */
final class StateCodec {
  private static final ObjectMapper JSON = EventCodec.mapper();

  private static final Map<String, Class<?>> TYPES =
      ToolboxState.records().stream().collect(Collectors.toMap(Class::getSimpleName, type -> type));

  private StateCodec() {}

  static String type(ToolboxState state) {
    return state.getClass().getSimpleName();
  }

  static String write(ToolboxState state) {
    try {
      return JSON.writeValueAsString(state);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write the state " + type(state) + " as JSON", e);
    }
  }

  static ToolboxState read(String type, String json) {
    var record = TYPES.get(type);
    if (record == null) {
      throw new IllegalStateException(
          "the stored state type '" + type + "' is none of " + TYPES.keySet());
    }
    try {
      return (ToolboxState) JSON.readValue(json, record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the stored state of type " + type + " cannot be read", e);
    }
  }
}
