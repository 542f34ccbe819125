package io.agentopia.toolbox.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/** Values of the schemas of an API description: good ones, and ones with something wrong inside. */
final class Generated {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "\0",
          "a\nb",
          "\u001b[31m",
          "\uD800",
          "\uDC00x",
          "ä漢\uD83D\uDE00",
          "'; drop table toolbox_view; --",
          "../../etc/passwd",
          "NaN",
          "null",
          "-1",
          "2026-13-45T99:99:99Z",
          "00000000-0000-4000-8000-000000000000",
          "x".repeat(300),
          "x".repeat(5_000));
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-1",
          "1",
          "256.7",
          "1e400",
          "-1e400",
          "2147483648",
          "9223372036854775808",
          "1e-400");

  private final JsonNode api;
  private final Random random;

  Generated(JsonNode api, Random random) {
    this.api = api;
    this.random = random;
  }

  String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  /**
   * @param wrong how likely each value is a wrong one, 0 to 1
   */
  JsonNode value(JsonNode schema, double wrong) {
    if (random.nextDouble() < wrong) {
      return anything();
    }
    if (schema.has("$ref")) {
      return value(api.at(schema.path("$ref").asText().substring(1)), wrong);
    }
    var types = schema.path("type");
    var type = types.isArray() ? types.get(0).asText() : types.asText("object");
    return switch (type) {
      case "string" -> NODES.textNode(string(schema));
      case "integer", "number" -> NODES.numberNode(64 + random.nextInt(64));
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "array" -> {
        var list = NODES.arrayNode();
        for (int i = random.nextInt(3); i > 0; i--) {
          list.add(value(schema.path("items"), wrong));
        }
        yield list;
      }
      default -> object(schema, wrong);
    };
  }

  private JsonNode object(JsonNode schema, double wrong) {
    var object = NODES.objectNode();
    var required = schema.path("required").toString();
    schema
        .path("properties")
        .properties()
        .forEach(
            p -> {
              var isRequired = required.contains("\"" + p.getKey() + "\"");
              if (random.nextDouble() < (isRequired ? 1 - wrong : 0.5)) {
                object.set(p.getKey(), value(p.getValue(), wrong));
              }
            });
    if (schema.path("additionalProperties").isObject()) {
      object.set("KEY", value(schema.path("additionalProperties"), wrong));
    }
    if (random.nextDouble() < wrong) {
      object.set(random.nextBoolean() ? "volumes" : text(), anything());
    }
    return object;
  }

  private String string(JsonNode schema) {
    if (schema.has("examples")) {
      return schema.path("examples").get(0).asText();
    }
    return switch (schema.path("format").asText()) {
      case "uuid" -> "00000000-0000-4000-8000-000000000000";
      case "date-time" -> "2026-11-24T12:00:00Z";
      default ->
          schema.has("enum")
              ? schema.path("enum").get(0).asText()
              : "text" + random.nextInt(1_000_000);
    };
  }

  private JsonNode anything() {
    if (random.nextInt(50) == 0) {
      return NODES.textNode("x".repeat(1_000_000));
    }
    return switch (random.nextInt(7)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.arrayNode().addNull();
      case 2 -> NODES.objectNode().putNull("x");
      case 3 -> NODES.booleanNode(true);
      case 4 -> NODES.numberNode(new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size()))));
      default -> NODES.textNode(text());
    };
  }
}
