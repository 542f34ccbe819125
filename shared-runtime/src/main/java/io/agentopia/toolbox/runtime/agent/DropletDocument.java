package io.agentopia.toolbox.runtime.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A whole document of a droplet's, to be shown as it is: every text clean and of bounded length,
 * every list and object of bounded size. Pure.
 */
final class DropletDocument {
  private static final int DEEPEST = 32;
  private static final int LARGEST = 500;
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_TEXT = 4000;

  private DropletDocument() {}

  static JsonNode clean(JsonNode document) {
    return clean(document, DEEPEST);
  }

  private static JsonNode clean(JsonNode said, int deeper) {
    var make = JsonNodeFactory.instance;
    return switch (said) {
      case ObjectNode object when deeper > 0 -> {
        var clean = make.objectNode();
        object.properties().stream()
            .limit(LARGEST)
            .forEach(
                m ->
                    clean.set(
                        DropletText.first(m.getKey(), LONGEST_NAME),
                        clean(m.getValue(), deeper - 1)));
        yield clean;
      }
      case ArrayNode list when deeper > 0 -> {
        var clean = make.arrayNode();
        list.valueStream().limit(LARGEST).forEach(e -> clean.add(clean(e, deeper - 1)));
        yield clean;
      }
      case JsonNode text when text.isTextual() ->
          make.textNode(DropletText.first(text.textValue(), LONGEST_TEXT));
      case JsonNode number when number.isNumber() && !Double.isFinite(number.doubleValue()) ->
          make.nullNode();
      case JsonNode scalar when scalar.isValueNode() -> scalar;
      default -> make.nullNode();
    };
  }
}
