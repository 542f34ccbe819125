package io.agentopia.toolbox.gateway.deadletter;

import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.runtime.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Which letters are meant; a field that is null excludes none. Pure.
 *
 * @param state new, replayed or discarded
 */
public record LetterFilter(
    String state, String service, String topic, String code, String eventType, String toolboxId) {
  private static final Set<String> STATES = Set.of("new", "replayed", "discarded");

  static final LetterFilter NEW = new LetterFilter("new", null, null, null, null, null);

  /** A condition on dead_letters with the values of its parameters, the first of which is $1. */
  record Condition(String sql, List<Object> values) {}

  LetterFilter withStateOr(String otherwise) {
    return new LetterFilter(
        state == null ? otherwise : state, service, topic, code, eventType, toolboxId);
  }

  Condition condition() {
    refuseIfWrong();
    var sql = new ArrayList<String>();
    var values = new ArrayList<Object>();
    add(sql, values, "state", state);
    add(sql, values, "service", service);
    add(sql, values, "topic", topic);
    add(sql, values, "code", code);
    add(sql, values, "event_type", eventType);
    add(sql, values, "toolbox_id", toolboxId == null ? null : UUID.fromString(toolboxId));
    return new Condition(sql.isEmpty() ? "true" : String.join(" and ", sql), values);
  }

  private static void add(List<String> sql, List<Object> values, String column, Object value) {
    if (value != null) {
      values.add(value);
      sql.add(column + " = $" + values.size());
    }
  }

  private void refuseIfWrong() {
    var found = new ArrayList<Violation>();
    if (state != null && !STATES.contains(state)) {
      found.add(Violation.of("state", "must be new, replayed or discarded", state));
    }
    if (toolboxId != null
        && !toolboxId.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      found.add(Violation.of("toolboxId", "must be a UUID", toolboxId));
    }
    if (!found.isEmpty()) {
      throw Problem.invalid("The dead letters were not looked up.", found).exception();
    }
  }
}
