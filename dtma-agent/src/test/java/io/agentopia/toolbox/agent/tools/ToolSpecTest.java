package io.agentopia.toolbox.agent.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentopia.toolbox.agent.json.Json;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a container is replaced: the hash of its specification is on its label. */
class ToolSpecTest {
  /** Each field with another value than {@link #FULL} has. */
  private static final Map<String, String> OTHER =
      Map.of(
          "image", "\"debian:13\"",
          "command", "[\"sleep infinity\"]",
          "environment", "{\"MODE\": \"other\"}",
          "ports", "[{\"containerPort\": 81}]",
          "memoryMb", "65",
          "cpus", "0.75",
          "readOnlyRoot", "true");

  private static final String FULL =
      """
      {"image": "debian:12", "command": ["sleep", "infinity"], "environment": {"MODE": "demo"},
       "ports": [{"containerPort": 80}], "memoryMb": 64, "cpus": 0.5, "readOnlyRoot": false}
      """;

  /**
   * As agents wrote them that ran before there was a canonical form: an agent that moves to another
   * image, or back, must not replace a single tool for it.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"image\":\"debian:12\"} | 46ac7cd880d2439d8185ea31428f44db",
        "{\"image\":\"debian:12\",\"command\":[\"sleep\",\"infinity\"]} | e9d9d65b1a7cc7d478d5577affef083f",
        "{\"image\":\"debian:12\",\"command\":[\"sleep infinity\"]} | 8738e3a24be78042df2c0a0b5614072e",
        "{\"image\":\"debian:12\",\"command\":[],\"environment\":{},\"ports\":[],\"memoryMb\":256,\"cpus\":0.5,\"readOnlyRoot\":false} | 46ac7cd880d2439d8185ea31428f44db",
        "{\"image\":\"debian:12\",\"environment\":{\"B\":\"2\",\"A\":\"1\",\"EMPTY\":\"\"}} | befeaea69a63115458d5a96e06764e9c",
        "{\"image\":\"debian:12\",\"ports\":[{\"containerPort\":8080}]} | b8f8a6d5cb414aebeb9d914e43cc36c2",
        "{\"image\":\"debian:12\",\"ports\":[{\"containerPort\":8080,\"hostPort\":18080,\"protocol\":\"tcp\"},{\"containerPort\":53,\"protocol\":\"udp\"}]} | 25557f34580fe4765e7efb3651029d10",
        "{\"image\":\"debian:12\",\"memoryMb\":64} | 74a5efb992fdb0f918e9a547d50cb5d8",
        "{\"image\":\"debian:12\",\"cpus\":1.25} | 5eb6b8d3beced79b70e8799a83851c36",
        "{\"image\":\"debian:12\",\"cpus\":2} | 88e803d2dd0dae1e5a6784784879e0c9",
        "{\"image\":\"debian:12\",\"readOnlyRoot\":true} | 1d28bc02a6127d0045528dc8d9025373",
        "{\"image\":\"ghcr.io/a/b@sha256:0123\",\"command\":[\"sh\",\"-c\",\"echo 'ä€'; exec sleep 1\"],\"environment\":{\"K\":\"v=w\"},\"ports\":[{\"containerPort\":80,\"hostPort\":null,\"protocol\":\"\"}],\"memoryMb\":48,\"cpus\":0.25,\"readOnlyRoot\":true} | bc614fee27884a37f5d72290516095d2"
      })
  void labels_that_are_out_there_stay_right(String entry, String hash) throws Exception {
    assertThat(read(entry).hash()).isEqualTo(hash);
  }

  @Test
  void every_field_of_a_manifests_entry_counts() throws Exception {
    var full = (ObjectNode) Json.MAPPER.readTree(FULL);
    assertThat(new TreeSet<>(OTHER.keySet())).isEqualTo(fieldsOnTheWire());
    var hashes = new HashSet<>(Set.of(read(FULL).hash()));
    for (var field : OTHER.entrySet()) {
      var changed = full.deepCopy().set(field.getKey(), Json.MAPPER.readTree(field.getValue()));
      assertThat(hashes.add(read(changed.toString()).hash())).as(field.getKey()).isTrue();
    }
  }

  /** Who adds a field finds it here, and has to say what another value of it is. */
  private static Set<String> fieldsOnTheWire() throws Exception {
    var names = new TreeSet<String>();
    Json.MAPPER.valueToTree(read(FULL)).fieldNames().forEachRemaining(names::add);
    return names;
  }

  private record Probe(int port, String path) {}

  private record Tomorrow(@JsonUnwrapped ToolSpec spec, Probe readiness, boolean isPrivate) {
    String hash() {
      return SpecHash.of(spec, this);
    }
  }

  @Test
  void a_field_of_tomorrow_counts_where_it_is_set_and_nowhere_else() throws Exception {
    var spec = read(FULL);
    assertThat(new Tomorrow(spec, null, false).hash()).isEqualTo(spec.hash());
    var all =
        List.of(
            spec.hash(),
            new Tomorrow(spec, null, true).hash(),
            new Tomorrow(spec, new Probe(80, "/"), false).hash(),
            new Tomorrow(spec, new Probe(81, "/"), false).hash(),
            new Tomorrow(spec, new Probe(80, "/ready"), false).hash());
    assertThat(all).doesNotHaveDuplicates();
  }

  @Test
  void fields_of_tomorrow_count_the_same_in_whatever_order_they_come() throws Exception {
    var one = new LinkedHashMap<>(Map.of("image", (Object) "debian:12"));
    one.put("volumes", Map.of("b", "/b"));
    one.put("secrets", List.of("x"));
    var other = new LinkedHashMap<String, Object>();
    other.put("secrets", List.of("x"));
    other.put("volumes", Map.of("b", "/b"));
    assertThat(SpecHash.of(read(FULL), one)).isEqualTo(SpecHash.of(read(FULL), other));
  }

  @Test
  void no_component_is_kept_from_the_wire() throws Exception {
    var flat =
        Arrays.stream(ToolSpec.class.getRecordComponents())
            .filter(c -> !c.getName().equals("limits"));
    assertThat(fieldsOnTheWire())
        .containsAll(flat.map(java.lang.reflect.RecordComponent::getName).toList());
  }

  @Test
  void an_entry_is_written_as_it_was_read() throws JsonProcessingException {
    var entry = Json.MAPPER.readTree(FULL);
    var again = Json.MAPPER.valueToTree(read(FULL));
    entry.fieldNames().forEachRemaining(n -> assertThat(again.has(n)).as(n).isTrue());
    assertThat(Json.MAPPER.treeToValue(again, ToolSpec.class)).isEqualTo(read(FULL));
  }

  @Test
  void the_environment_stays_out_of_logs() throws JsonProcessingException {
    assertThat(read(FULL).toString()).doesNotContain("demo");
  }

  private static ToolSpec read(String entry) throws JsonProcessingException {
    return Json.MAPPER.readValue(entry, ToolSpec.class);
  }
}
