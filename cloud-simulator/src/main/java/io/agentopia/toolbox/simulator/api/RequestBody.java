package io.agentopia.toolbox.simulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.simulator.store.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A JSON body, read as leniently as DigitalOcean does: null is as good as absent. */
final class RequestBody {
  private final ObjectNode node;

  private RequestBody(ObjectNode node) {
    this.node = node;
  }

  static RequestBody of(byte[] bytes) {
    try {
      var read = bytes == null || bytes.length == 0 ? null : Json.MAPPER.readTree(bytes);
      if (read instanceof ObjectNode object) {
        return new RequestBody(object);
      }
      if (read == null || read.isNull() || read.isMissingNode()) {
        return new RequestBody(Json.MAPPER.createObjectNode());
      }
    } catch (IOException e) {
      // Said below.
    }
    throw ApiError.badRequest("error parsing request body");
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** Null when absent. */
  String text(String field) {
    return has(field) && node.get(field).isValueNode() ? node.get(field).asText() : null;
  }

  boolean flag(String field) {
    return node.path(field).asBoolean(false);
  }

  boolean flagOrTrue(String field) {
    return !has(field) || node.path(field).asBoolean(true);
  }

  List<String> texts(String field) {
    var texts = new ArrayList<String>();
    node.path(field).forEach(n -> texts.add(n.asText()));
    return texts;
  }

  List<Long> numbers(String field) {
    var numbers = new ArrayList<Long>();
    for (var n : node.path(field)) {
      if (!n.canConvertToLong() && !n.asText().matches("\\d{1,18}")) {
        throw ApiError.badRequest("error parsing request body");
      }
      numbers.add(n.asLong());
    }
    return numbers;
  }

  List<JsonNode> nodes(String field) {
    var nodes = new ArrayList<JsonNode>();
    node.path(field).forEach(nodes::add);
    return nodes;
  }
}
