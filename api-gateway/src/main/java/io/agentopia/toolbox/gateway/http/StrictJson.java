package io.agentopia.toolbox.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.agentopia.toolbox.events.Rules.Violation;
import io.agentopia.toolbox.events.Shown;
import io.agentopia.toolbox.runtime.http.Problem;
import io.agentopia.toolbox.runtime.http.ProblemMappers;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Requests as JSON, read to the letter: nothing is guessed, converted, dropped or taken twice. What
 * it lets through holds what its record says, and nothing else.
 */
public final class StrictJson {
  private static final int DEEPEST = 32;
  private static final String NOT_READ = "The request body cannot be accepted.";

  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .addModule(new JavaTimeModule())
          .enable(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .build();

  private StrictJson() {}

  /**
   * @return null where there is no body
   * @throws io.agentopia.toolbox.runtime.http.ProblemException 400 that names all that is wrong
   */
  static <T> T read(byte[] body, Class<T> record) {
    if (body.length == 0) {
      return null;
    }
    var document = document(body);
    var violations = Shape.violations(document, record);
    if (!violations.isEmpty()) {
      throw Problem.invalid(NOT_READ, violations).exception();
    }
    try {
      return JSON.treeToValue(document, record);
    } catch (JsonProcessingException e) {
      throw ProblemMappers.unreadable(e).exception();
    }
  }

  /** The same text for all equal requests, whatever the order of their fields and names. */
  public static String canonical(Object request) {
    try {
      return JSON.writeValueAsString(request);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a request as JSON", e);
    }
  }

  /** A request to pass on: its fields that are there. */
  public static Map<String, Object> fields(Object request) {
    return JSON.convertValue(
        request, JSON.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
  }

  private static JsonNode document(byte[] body) {
    try {
      return JSON.readTree(utf8(body));
    } catch (JsonProcessingException e) {
      if (e.getOriginalMessage().startsWith("Duplicate field")
          && e.getProcessor() instanceof JsonParser at) {
        throw invalid(Shown.name(fieldOf(at)), "is given twice");
      }
      throw ProblemMappers.unreadable(e).exception();
    }
  }

  private static String fieldOf(JsonParser at) {
    var pointer = at.getParsingContext().pathAsPointer().toString();
    return pointer.isEmpty() ? "body" : pointer.substring(1).replace('/', '.');
  }

  private static String utf8(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw invalid("body", "must be UTF-8");
    }
  }

  private static RuntimeException invalid(String field, String message) {
    return Problem.invalid(NOT_READ, List.of(new Violation(field, message))).exception();
  }
}
