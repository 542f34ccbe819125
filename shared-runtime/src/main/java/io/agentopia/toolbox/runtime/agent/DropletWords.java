package io.agentopia.toolbox.runtime.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The gate for everything that a droplet says, be it sent or asked for: nothing of it is believed,
 * and nothing of it is refused either, since a refused heartbeat would be a silent agent. A JSON
 * document comes in; out come texts without control characters, of the length that was asked for,
 * numbers within bounds, lists of the size that was asked for, and ids that are ids. What does not
 * fit is absent, or cut, and its field is named by {@link #unfit}. Fields nobody asks for do not
 * come through.
 */
public final class DropletWords {
  private static final int MOST_UNFIT = 20;
  private static final int DEEPEST = 32;
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  /** Takes what many a JSON writer makes of numbers and control characters. */
  private static final ObjectMapper LENIENT = lenient();

  private final JsonNode node;
  private final String path;
  private final Set<String> unfit;

  private DropletWords(JsonNode node, String path, Set<String> unfit) {
    this.node = node;
    this.path = path;
    this.unfit = unfit;
  }

  private static ObjectMapper lenient() {
    var mapper =
        JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();
    mapper
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build());
    return mapper;
  }

  /**
   * @param json in UTF-8; bytes that are none count as unknown characters
   * @return empty where it is no JSON object
   */
  public static Optional<DropletWords> of(byte @Nullable [] json) {
    if (json == null) {
      return Optional.empty();
    }
    try {
      var node = LENIENT.readTree(new String(json, StandardCharsets.UTF_8));
      return node instanceof ObjectNode object
          ? Optional.of(new DropletWords(object, "", new LinkedHashSet<>()))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The fields that did not fit, as paths; the first twenty. */
  public List<String> unfit() {
    return List.copyOf(unfit);
  }

  /** Whether it says anything of that name. */
  public boolean says(String field) {
    return node.hasNonNull(field);
  }

  public boolean saysList(String field) {
    return node.path(field).isArray();
  }

  /** A text's beginning; null where it is absent. */
  public @Nullable String text(String field, int length) {
    var text = raw(field);
    return text == null ? null : noted(field, text, DropletText.first(text, length));
  }

  /** A text's end; null where it is absent. What is cut off is no fault: it is a log. */
  public @Nullable String lastText(String field, int length) {
    var text = raw(field);
    return text == null ? null : DropletText.last(text, length);
  }

  /** A text of a given form; null where it is absent or has another. */
  public @Nullable String matching(String field, Pattern form) {
    var text = raw(field);
    if (text == null || text.isEmpty()) {
      return null;
    }
    return form.matcher(text).matches() ? text : unfit(field);
  }

  public @Nullable UUID id(String field) {
    var text = raw(field);
    if (text == null) {
      return null;
    }
    try {
      return text.length() == 36 ? UUID.fromString(text) : unfit(field);
    } catch (IllegalArgumentException e) {
      return unfit(field);
    }
  }

  /** A time that a database can hold; null where it is absent or none. */
  public @Nullable Instant instant(String field) {
    var text = raw(field);
    if (text == null) {
      return null;
    }
    try {
      var at = Instant.parse(text);
      return at.isAfter(EARLIEST) && at.isBefore(LATEST) ? at : unfit(field);
    } catch (DateTimeException e) {
      return unfit(field);
    }
  }

  /** A whole number within bounds; {@code otherwise} where it is absent or none. */
  public long number(String field, long low, long high, long otherwise) {
    var found = wholeNumber(field);
    if (found == null) {
      return otherwise;
    }
    var within = Math.clamp(found, low, high);
    return within == found ? within : unfit(field, within);
  }

  /** A whole number, or null where it is absent, none, or out of bounds. */
  public @Nullable Integer integer(String field, int low, int high) {
    var found = wholeNumber(field);
    if (found == null) {
      return null;
    }
    return found >= low && found <= high ? Integer.valueOf(found.intValue()) : unfit(field);
  }

  /** A finite number within bounds; {@code low} where it is absent or none. */
  public double decimal(String field, double low, double high) {
    var value = node.get(field);
    if (value == null || value.isNull()) {
      return low;
    }
    if (!value.isNumber() || Double.isNaN(value.doubleValue())) {
      return unfit(field, low);
    }
    var within = Math.clamp(value.doubleValue(), low, high);
    return within == value.doubleValue() ? within : unfit(field, within);
  }

  public boolean flag(String field) {
    var value = node.get(field);
    if (value == null || value.isNull()) {
      return false;
    }
    return value.isBoolean() ? value.booleanValue() : unfit(field, false);
  }

  /** Null where it is absent, or no object. */
  public @Nullable DropletWords object(String field) {
    var value = node.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    return value.isObject()
        ? new DropletWords(value, pathOf(field), unfit)
        : this.<DropletWords>unfit(field);
  }

  /** The first objects of a list; empty where it is absent. */
  public List<DropletWords> objects(String field, int most) {
    var found = new ArrayList<DropletWords>();
    for (var element : elements(field, most)) {
      var place = field + "[" + found.size() + "]";
      if (element.isObject()) {
        found.add(new DropletWords(element, pathOf(place), unfit));
      } else {
        unfit(place);
      }
    }
    return found;
  }

  /** The first texts of a list; null where it is absent. */
  public @Nullable List<String> texts(String field, int most, int length) {
    if (!node.hasNonNull(field)) {
      return null;
    }
    var found = new ArrayList<String>();
    for (var element : elements(field, most)) {
      if (element.isTextual()) {
        found.add(DropletText.first(element.textValue(), length));
      } else {
        unfit(field);
      }
    }
    return found;
  }

  private List<JsonNode> elements(String field, int most) {
    var value = node.get(field);
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      return unfit(field, List.of());
    }
    var all = new ArrayList<JsonNode>();
    value.forEach(all::add);
    return all.size() <= most ? all : unfit(field, all.subList(0, most));
  }

  private @Nullable Long wholeNumber(String field) {
    var value = node.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isNumber() || Double.isNaN(value.doubleValue())) {
      return unfit(field);
    }
    if (!value.isIntegralNumber()) {
      return unfit(field, (long) value.doubleValue());
    }
    return value.canConvertToLong()
        ? Long.valueOf(value.longValue())
        : unfit(field, value.bigIntegerValue().signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
  }

  private @Nullable String raw(String field) {
    var value = node.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    return value.isTextual() ? value.textValue() : unfit(field);
  }

  private <T> T noted(String field, T said, T heard) {
    return said.equals(heard) ? heard : unfit(field, heard);
  }

  private <T> @Nullable T unfit(String field) {
    note(field);
    return null;
  }

  private <T> T unfit(String field, T heard) {
    note(field);
    return heard;
  }

  private void note(String field) {
    if (unfit.size() < MOST_UNFIT) {
      unfit.add(pathOf(field));
    }
  }

  private String pathOf(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
