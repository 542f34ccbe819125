package io.agentopia.toolbox.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentopia.toolbox.events.ToolSpec;
import io.agentopia.toolbox.gateway.tool.ToolsResource;
import io.agentopia.toolbox.gateway.tool.ToolsResource.Body;
import io.agentopia.toolbox.runtime.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  @Test
  void aGoodRequestIsReadWhole() {
    var body =
        read(
            """
            {"name": "web", "image": "nginx:1", "command": ["sh", "-c", "a\\nb"], "environment": {"KEY": "ä\\n"},
             "ports": [{"containerPort": 80, "hostPort": 8080}], "memoryMb": 64, "cpus": 1, "readOnlyRoot": true}""");
    assertThat(body)
        .isEqualTo(
            new Body(
                "web",
                "nginx:1",
                List.of("sh", "-c", "a\nb"),
                Map.of("KEY", "ä\n"),
                List.of(new ToolSpec.Port(80, 8080, null)),
                64,
                1.0,
                true));
    assertThat(read("")).isNull();
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\": null} | name | null",
        "{\"command\": [null]} | command[0] | null",
        "{\"ports\": [null]} | ports[0] | null",
        "{\"ports\": [{\"hostPort\": null}]} | ports[0].hostPort | null",
        "{\"environment\": {\"X\": null}} | environment.X | null",
        "{\"volumes\": []} | volumes | is not known; known are [name,",
        "{\"ports\": [{\"port\": 1}]} | ports[0].port | is not known",
        "{\"memoryMb\": 256.7} | memoryMb | whole number of 32 bits; found 256.7",
        "{\"memoryMb\": 256.0} | memoryMb | whole number",
        "{\"memoryMb\": 1e2} | memoryMb | whole number",
        "{\"memoryMb\": 2147483648} | memoryMb | found 2147483648",
        "{\"memoryMb\": \"256\"} | memoryMb | found '256'",
        "{\"memoryMb\": true} | memoryMb | found true",
        "{\"cpus\": \"NaN\"} | cpus | must be a finite number; found 'NaN'",
        "{\"cpus\": 1e999} | cpus | must be a finite number; found 1E+999",
        "{\"readOnlyRoot\": 1} | readOnlyRoot | must be true or false; found 1",
        "{\"readOnlyRoot\": \"true\"} | readOnlyRoot | must be true or false",
        "{\"name\": 1} | name | must be a string; found 1",
        "{\"name\": {}} | name | must be a string; found an object",
        "{\"name\": \"a\\u0000\"} | name | U+0000 at character 2",
        "{\"name\": \"a\\n\"} | name | U+000A",
        "{\"image\": \"\\ud800\"} | image | half of a surrogate pair",
        "{\"command\": \"ls\"} | command | must be a list; found 'ls'",
        "{\"command\": [\"\\u0000\"]} | command[0] | U+0000",
        "{\"environment\": []} | environment | must be an object",
        "{\"environment\": {\"a\\u0000\": \"x\"}} | environment | U+0000",
        "{\"name\": \"a\", \"name\": \"b\"} | name | is given twice",
        "[] | body | must be an object; found a list",
        "null | body | must not be null",
        "\"x\" | body | must be an object; found 'x'"
      })
  void whatIsNotToTheLetterIsNamed(String body, String field, String message) {
    var problem = refused(body).problem();
    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.errors())
        .singleElement()
        .satisfies(e -> assertThat(e.field()).isEqualTo(field))
        .satisfies(e -> assertThat(e.message()).contains(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "{} {}", "{\"cpus\": NaN}", "{'name': 1}", "nul", "\uFEFF{}", "{\"a\":1,}"})
  void whatIsNoJsonIsRefused(String body) {
    assertThat(refused(body).problem().type()).endsWith("malformed_json");
  }

  @Test
  void whatIsNoUtf8OrTooDeepIsRefused() {
    var latin = "{\"name\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1);
    var problem =
        catchThrowableOfType(ProblemException.class, () -> StrictJson.read(latin, Body.class));
    assertThat(problem.problem().errors().getFirst().message()).isEqualTo("must be UTF-8");
    assertThat(refused("{\"ports\": " + "[".repeat(10_000)).problem().status()).isEqualTo(400);
  }

  @Test
  void allThatIsWrongIsToldAtOnceUpToABound() {
    assertThat(refused("{\"name\": 1, \"image\": 2, \"cpus\": \"x\"}").problem().errors())
        .extracting("field")
        .containsExactly("name", "image", "cpus");
    var many =
        IntStream.range(0, 1000)
            .mapToObj(i -> "\"field%d\": 1".formatted(i))
            .collect(Collectors.joining(",", "{", "}"));
    assertThat(refused(many).problem().errors()).hasSize(20);
  }

  @Test
  void noValueOfAnEnvironmentIsRepeated() {
    for (var body :
        List.of(
            "{\"environment\": {\"A\": [\"s3cret\"]}}",
            "{\"environment\": {\"A\": 53}, \"secrets\": \"s3cret\"}",
            "{\"environment\": {\"A=s3cret\": null}}",
            "{\"environment\": \"s3cret\"}",
            "{\"environment\": {\"A\": \"s3cret\\u0000\"}}")) {
      assertThat(refused(body).problem().toString()).doesNotContain("s3cret").doesNotContain("53");
    }
  }

  /** Map.of has another order in each process; here two orders are made by hand. */
  @Test
  void equalRequestsAreOneTextWhateverTheirOrder() {
    var names = IntStream.range(0, 40).mapToObj(i -> "\"V%d\": \"x\"".formatted(i)).toList();
    var first = "{\"image\": \"i\", \"environment\": {" + String.join(",", names) + "}}";
    var last = "{\"environment\": {" + String.join(",", names.reversed()) + "},\"image\": \"i\"}";
    assertThat(StrictJson.canonical(read(first))).isEqualTo(StrictJson.canonical(read(last)));
    assertThat(StrictJson.canonical(read(first).environment()))
        .startsWith("{\"V0\":\"x\",\"V1\":\"x\",\"V10\":\"x\"");
    assertThat(StrictJson.canonical(read("{\"image\": \"j\"}")))
        .isNotEqualTo(StrictJson.canonical(read("{\"image\": \"i\"}")));
  }

  private static ToolsResource.Body read(String body) {
    return StrictJson.read(body.getBytes(StandardCharsets.UTF_8), Body.class);
  }

  private static ProblemException refused(String body) {
    return catchThrowableOfType(ProblemException.class, () -> read(body));
  }
}
