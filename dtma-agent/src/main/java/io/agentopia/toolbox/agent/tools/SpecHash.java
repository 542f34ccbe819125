package io.agentopia.toolbox.agent.tools;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A hash over the whole of a specification; a hash, because the environment holds secrets and
 * labels can be read by others. The first seven fields go in as the first agents wrote them, or
 * each change of the agent's image would replace all tools, and its way back once more; everything
 * else goes in as canonical JSON, where what is not set is left out. So a new field changes the
 * hash of the tools that have it, and of no other.
 */
final class SpecHash {
  private static final JsonMapper CANONICAL =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(Include.NON_DEFAULT, Include.ALWAYS))
          .build();
  private static final List<String> FIRST =
      List.of("image", "command", "environment", "memoryMb", "cpus", "readOnlyRoot");
  private static final List<String> FIRST_OF_PORT =
      List.of("containerPort", "hostPort", "protocol");

  private SpecHash() {}

  /**
   * @param whole {@code spec}, or what has its fields and more
   */
  static String of(ToolSpec spec, Object whole) {
    var others = others(CANONICAL.valueToTree(whole));
    return sha256(others.isEmpty() ? first(spec) : first(spec) + "\n" + text(others));
  }

  private static String first(ToolSpec spec) {
    var limits = spec.limits();
    return String.join(
        "\n",
        spec.image(),
        list(spec.command().stream()),
        list(new TreeMap<>(spec.environment()).entrySet().stream().map(Object::toString)),
        list(spec.ports().stream().map(SpecHash::port)),
        Integer.toString(limits.memoryMb()),
        Double.toString(limits.cpus()),
        Boolean.toString(limits.readOnlyRoot()));
  }

  private static String port(Port port) {
    return "Port[containerPort=%d, hostPort=%d, protocol=%s]"
        .formatted(port.containerPort(), port.hostPort(), port.protocol());
  }

  /** Lengths keep ["a b"] and ["a", "b"] apart. */
  private static String list(Stream<String> values) {
    return values.map(v -> v.length() + ":" + v + ";").collect(Collectors.joining());
  }

  private static ObjectNode others(ObjectNode whole) {
    whole.remove(FIRST);
    if (whole.get("ports") instanceof ArrayNode ports) {
      ports.forEach(port -> ((ObjectNode) port).remove(FIRST_OF_PORT));
      if (ports.valueStream().allMatch(port -> port.isEmpty())) {
        whole.remove("ports");
      }
    }
    return whole;
  }

  private static String text(ObjectNode others) {
    try {
      return CANONICAL.writeValueAsString(others);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always written", e);
    }
  }

  private static String sha256(String canonical) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var hash = digest.digest(canonical.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
