package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {

  @ParameterizedTest
  @CsvSource({"a", "Research", "my.toolbox-2", "a_b"})
  void goodNames(String name) {
    assertThat(Rules.toolbox(name, "nyc3", "s-1vcpu-1gb")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"''", "-a", "a-", "a b", "ä", "a/b"})
  void badNames(String name) {
    assertThat(Rules.toolbox(name, "nyc3", "s-1vcpu-1gb"))
        .extracting("field")
        .containsExactly("name");
  }

  @Test
  void aNameOf63CharactersIsGoodAndOf64IsNot() {
    assertThat(Rules.toolbox("a".repeat(63), "nyc3", "s-1vcpu-1gb")).isEmpty();
    assertThat(Rules.toolbox("a".repeat(64), "nyc3", "s-1vcpu-1gb")).hasSize(1);
  }

  @Test
  void everyWrongFieldIsNamedAtOnce() {
    assertThat(Rules.toolbox(null, "NYC 3", ""))
        .extracting("field")
        .containsExactly("name", "region", "size");
  }

  @Test
  void theAgentsPortCannotBeTaken() {
    var spec = spec(List.of(new ToolSpec.Port(80, 30000, null)), Map.of());
    assertThat(Rules.tool("web", spec)).extracting("field").containsExactly("ports.hostPort");
  }

  @Test
  void aToolWithDefaultsIsGood() {
    assertThat(
            Rules.tool(
                "web", spec(List.of(new ToolSpec.Port(80, null, null)), Map.of("MODE", "x"))))
        .isEmpty();
  }

  @Test
  void limitsOfTheSpecAreChecked() {
    var spec =
        new ToolSpec(
            "bad image!",
            Collections.nCopies(65, "x"),
            Map.of("1BAD", "v"),
            List.of(),
            8,
            100,
            false);
    assertThat(Rules.tool("Web", spec))
        .extracting("field")
        .containsExactly("name", "image", "command", "environment", "memoryMb", "cpus");
  }

  private static ToolSpec spec(List<ToolSpec.Port> ports, Map<String, String> environment) {
    return new ToolSpec("docker.io/library/nginx:1.29", List.of(), environment, ports, 0, 0, false);
  }
}
