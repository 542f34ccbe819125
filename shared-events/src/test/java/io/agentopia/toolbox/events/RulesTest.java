package io.agentopia.toolbox.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** What passes every limit of its own, and is a megabyte all the same. */
  @ParameterizedTest
  @CsvSource({"7, true", "8, false", "63, false"})
  void aSpecificationIsBoundedAsAWhole(int variables, boolean isGood) {
    var environment = new java.util.TreeMap<String, String>();
    for (var i = 0; i < variables; i++) {
      environment.put("V" + i, "x".repeat(4080));
    }
    var found = Rules.tool("web", spec(List.of(), environment));
    assertThat(found.isEmpty()).isEqualTo(isGood);
    assertThat(found)
        .allSatisfy(v -> assertThat(v.message()).contains("at most 32768"))
        .allSatisfy(v -> assertThat(v.field()).isEqualTo("environment"));
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

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, 65})
  void whatIsNoNumberOfCoresIsRefusedWithWhatWasFound(double cpus) {
    var spec = new ToolSpec("nginx:1", null, null, null, 0, cpus, false);
    assertThat(Rules.tool("web", spec))
        .singleElement()
        .satisfies(v -> assertThat(v.field()).isEqualTo("cpus"))
        .satisfies(v -> assertThat(v.message()).contains("0.05 and 64; found"));
  }

  @Test
  void aHostPortIsTakenOnceForEachProtocol() {
    var tcp = new ToolSpec.Port(80, 8080, "tcp");
    var udp = new ToolSpec.Port(80, 8080, "udp");
    var other = new ToolSpec.Port(81, 8080, null);
    assertThat(Rules.tool("web", spec(List.of(tcp, udp), Map.of()))).isEmpty();
    assertThat(Rules.tool("web", spec(List.of(tcp, udp, other), Map.of())))
        .singleElement()
        .satisfies(v -> assertThat(v.message()).contains("8080/tcp"));
  }

  @Test
  void whatCannotBeStoredIsRefusedAndNeverShown() {
    var spec =
        new ToolSpec(
            "nginx:1",
            List.of("a\0b"),
            Map.of("KEY", "s3cret\0", "PASSWORD=s3cret", "x"),
            null,
            0,
            0,
            false);
    assertThat(Rules.tool("web", spec))
        .extracting("field")
        .containsExactlyInAnyOrder("command", "environment.KEY", "environment");
    assertThat(Rules.tool("web", spec).toString()).doesNotContain("s3cret");
  }

  @Test
  void nothingIsNullInASpec() {
    var list = Collections.<String>singletonList(null);
    assertThatThrownBy(() -> new ToolSpec("x", list, null, null, 0, 0, false))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("command[0]");
    var map = Collections.<String, String>singletonMap("X", null);
    assertThatThrownBy(() -> new ToolSpec("x", null, map, null, 0, 0, false))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("environment.X");
    var ports = Collections.<ToolSpec.Port>singletonList(null);
    assertThatThrownBy(() -> new ToolSpec("x", null, null, ports, 0, 0, false))
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining("ports[0]");
  }

  @Test
  void aToolGetsNoMoreThanItsDropletHas() {
    var most = new ToolSpec("nginx:1", null, null, null, 1024, 1, false);
    assertThat(Rules.fits(most, "s-1vcpu-1gb", 1024, 1)).isEmpty();
    var more = new ToolSpec("nginx:1", null, null, null, 1025, 1.01, false);
    assertThat(Rules.fits(more, "s-1vcpu-1gb", 1024, 1))
        .extracting("field")
        .containsExactly("memoryMb", "cpus");
  }

  private static ToolSpec spec(List<ToolSpec.Port> ports, Map<String, String> environment) {
    return new ToolSpec("docker.io/library/nginx:1.29", List.of(), environment, ports, 0, 0, false);
  }
}
