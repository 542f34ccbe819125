package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Record, sample document and docs/events.md of each event say the same. */
class VocabularyTest {
  private static final ObjectMapper JSON = EventCodec.mapper();
  private static final Path SAMPLES = Path.of("src/main/resources/samples");
  private static final Path DOCS = Path.of("../docs/events.md");

  static Stream<Class<? extends Event>> everyEvent() {
    return EventTypes.all().values().stream();
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void sampleHoldsEveryFieldOfTheRecordAndNoOther(Class<? extends Event> record)
      throws IOException {
    var fields = new TreeSet<String>();
    sample(record).get("data").fieldNames().forEachRemaining(fields::add);
    assertThat(fields).isEqualTo(new TreeSet<>(componentNames(record)));
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void sampleReadAndWrittenAgainIsTheSameDocument(Class<? extends Event> record)
      throws IOException {
    var sample = sample(record);
    var envelope = EventCodec.decode(headers(sample), JSON.writeValueAsBytes(sample.get("data")));
    var again = EventCodec.encode(envelope);

    assertThat(envelope.event()).isInstanceOf(record);
    assertThat(JSON.readTree(again.body())).isEqualTo(sample.get("data"));
    assertThat(again.headers()).isEqualTo(headers(sample));
    assertThat(again.topic()).isEqualTo(sample.get("topic").asText());
    assertThat(again.key()).isEqualTo(sample.get("key").asText());
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void documentationNamesTheEventItsTopicAndEveryField(Class<? extends Event> record)
      throws IOException {
    var section = section(Files.readString(DOCS), record.getSimpleName());
    assertThat(section).contains("`" + EventTypes.typeOf(record) + "`");
    for (var field : componentNames(record)) {
      assertThat(section)
          .as("field %s of %s", field, record.getSimpleName())
          .contains("`" + field + "`");
    }
  }

  /** What a writer may leave out is said to be nullable, what is required is not. */
  @ParameterizedTest
  @MethodSource("everyEvent")
  void whatMayBeNullIsAnnotatedSoAndNothingElse(Class<? extends Event> record)
      throws IOException, ReflectiveOperationException {
    var sample = sample(record);
    var event =
        EventCodec.decode(headers(sample), JSON.writeValueAsBytes(sample.get("data"))).event();
    for (var component : record.getRecordComponents()) {
      if (component.getType().isPrimitive()
          || component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
        continue;
      }
      assertThat(component.getAnnotatedType().isAnnotationPresent(Nullable.class))
          .as("@Nullable on %s of %s", component.getName(), record.getSimpleName())
          .isEqualTo(mayBeNull(event, component));
    }
  }

  private static boolean mayBeNull(Event event, RecordComponent component)
      throws ReflectiveOperationException {
    var components = event.getClass().getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          components[i].getName().equals(component.getName())
              ? null
              : components[i].getAccessor().invoke(event);
    }
    try {
      var made = event.getClass().getDeclaredConstructor(types).newInstance(values);
      return component.getAccessor().invoke(made) == null;
    } catch (InvocationTargetException refused) {
      return false;
    }
  }

  private static String section(String document, String name) {
    var start = document.indexOf("\n### " + name + "\n");
    assertThat(start).as("section '### %s' in docs/events.md", name).isGreaterThan(0);
    var end = document.indexOf("\n##", start + 5);
    return document.substring(start, end < 0 ? document.length() : end);
  }

  private static JsonNode sample(Class<?> record) throws IOException {
    var file = SAMPLES.resolve(record.getSimpleName() + ".json");
    assertThat(file).exists();
    return JSON.readTree(file.toFile());
  }

  private static Map<String, String> headers(JsonNode sample) {
    var headers = new HashMap<String, String>();
    sample.get("headers").properties().forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
    return headers;
  }

  private static java.util.List<String> componentNames(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .flatMap(
            component ->
                component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                    ? componentNames(component.getType()).stream()
                    : Stream.of(component.getName()))
        .toList();
  }
}
