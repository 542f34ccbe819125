package io.agentopia.toolbox.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentopia.toolbox.events.Characters;
import io.agentopia.toolbox.events.Rules;
import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.events.Shown;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Holds a JSON document against the record it shall become: no null, no unknown field, each value
 * of its very type, each text of characters that can be stored. All that is wrong is found at once.
 */
final class Shape {
  /** More are not told: whoever sends so many is not helped by their number. */
  private static final int MOST = 20;

  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final List<Violation> found = new ArrayList<>();

  private Shape() {}

  /** Where a value stands, and what holds for it there. */
  private record Place(String path, boolean isShown, boolean hasLines) {
    Place field(RecordComponent component) {
      return new Place(
          path.isEmpty() ? component.getName() : path + "." + component.getName(),
          isShown && !component.isAnnotationPresent(NeverShown.class),
          hasLines || component.isAnnotationPresent(Lines.class));
    }

    Place at(String inside) {
      return new Place(path + inside, isShown, hasLines);
    }

    String name() {
      return path.isEmpty() ? "body" : path;
    }
  }

  static List<Violation> violations(JsonNode document, Class<?> record) {
    var shape = new Shape();
    shape.check(new Place("", true, false), record, document);
    return shape.found;
  }

  /** Whether a request can have a part of this type: the others are not read by halves. */
  static boolean isKnown(Type type) {
    if (type instanceof ParameterizedType p) {
      var of = p.getActualTypeArguments();
      return p.getRawType() == List.class && isKnown(of[0])
          || p.getRawType() == Map.class && of[0] == String.class && isKnown(of[1]);
    }
    return type instanceof Class<?> c
        && (c.isRecord()
            ? Arrays.stream(c.getRecordComponents()).allMatch(x -> isKnown(x.getGenericType()))
            : Scalar.of(c) != null);
  }

  private void check(Place at, Type type, JsonNode node) {
    if (found.size() >= MOST) {
      return;
    }
    if (node.isNull()) {
      refuse(at, "must not be null; leave out what is not wanted");
    } else if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
      list(at, p.getActualTypeArguments()[0], node);
    } else if (type instanceof ParameterizedType p && p.getRawType() == Map.class) {
      map(at, p.getActualTypeArguments()[1], node);
    } else if (type instanceof Class<?> c && c.isRecord()) {
      object(at, c, node);
    } else {
      scalar(at, (Class<?>) type, node);
    }
  }

  private void list(Place at, Type of, JsonNode node) {
    if (!node.isArray()) {
      refuse(at, "must be a list", node);
      return;
    }
    for (int i = 0; i < node.size(); i++) {
      check(at.at("[" + i + "]"), of, node.get(i));
    }
  }

  /** Names that are no variable's are left to the rules of the map; here they are not repeated. */
  private void map(Place at, Type of, JsonNode node) {
    if (!node.isObject()) {
      refuse(at, "must be an object", node);
      return;
    }
    node.properties()
        .forEach(
            e -> {
              var place = Rules.isVariable(e.getKey()) ? at.at("." + Shown.name(e.getKey())) : at;
              var wrong = Characters.wrongInLine(e.getKey());
              if (wrong != null) {
                refuse(at, "its names " + wrong);
              }
              check(place, of, e.getValue());
            });
  }

  private void object(Place at, Class<?> record, JsonNode node) {
    if (!node.isObject()) {
      refuse(at, "must be an object", node);
      return;
    }
    var components = Arrays.asList(record.getRecordComponents());
    var known = components.stream().map(RecordComponent::getName).toList();
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                var inside = (at.path().isEmpty() ? "" : ".") + Shown.name(name);
                refuse(at.at(inside), "is not known; known are " + known);
              }
            });
    for (var component : components) {
      if (node.has(component.getName())) {
        check(at.field(component), component.getGenericType(), node.get(component.getName()));
      }
    }
  }

  private void scalar(Place at, Class<?> type, JsonNode node) {
    var scalar = Scalar.of(type);
    if (!scalar.holds(node)) {
      refuse(at, "must be " + scalar.said, node);
    } else if (scalar == Scalar.TEXT) {
      var text = node.textValue();
      var wrong = at.hasLines() ? Characters.wrongInText(text) : Characters.wrongInLine(text);
      if (wrong != null) {
        refuse(at, wrong);
      }
    }
  }

  private void refuse(Place at, String limit) {
    if (found.size() < MOST) {
      found.add(new Violation(at.name(), limit));
    }
  }

  private void refuse(Place at, String limit, JsonNode value) {
    refuse(at, at.isShown() ? limit + "; found " + shown(value) : limit);
  }

  private static String shown(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case STRING -> Shown.of(value.textValue());
      case NUMBER, BOOLEAN, NULL, BINARY, MISSING, POJO -> Shown.name(value.asText());
    };
  }

  /** A value without parts. */
  private enum Scalar {
    TEXT("a string"),
    INTEGER("a whole number of 32 bits"),
    LONG("a whole number of 64 bits"),
    NUMBER("a finite number"),
    TRUTH("true or false"),
    ID("a UUID"),
    TIME(Times.SAID);

    private final String said;

    Scalar(String said) {
      this.said = said;
    }

    static Scalar of(Class<?> type) {
      return switch (type.getSimpleName()) {
        case "String" -> TEXT;
        case "Integer", "int" -> INTEGER;
        case "Long", "long" -> LONG;
        case "Double", "double" -> NUMBER;
        case "Boolean", "boolean" -> TRUTH;
        case "UUID" -> ID;
        case "Instant" -> TIME;
        default -> null;
      };
    }

    boolean holds(JsonNode node) {
      return switch (this) {
        case TEXT -> node.isTextual();
        case INTEGER -> node.isIntegralNumber() && node.canConvertToInt();
        case LONG -> node.isIntegralNumber() && node.canConvertToLong();
        case NUMBER -> node.isNumber() && Double.isFinite(node.doubleValue());
        case TRUTH -> node.isBoolean();
        case ID -> node.isTextual() && UUID_FORM.matcher(node.textValue()).matches();
        case TIME -> node.isTextual() && Times.read(node.textValue()) != null;
      };
    }
  }
}
