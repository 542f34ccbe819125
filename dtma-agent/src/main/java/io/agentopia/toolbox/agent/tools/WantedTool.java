package io.agentopia.toolbox.agent.tools;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One entry of the manifest.
 *
 * @param command replaces the image's own command; empty: the image's own
 * @param memoryMb memory limit, MiB
 * @param cpus CPU limit, cores
 * @param desired {@code running} or {@code stopped}
 * @param revision rises with each new deployment; a container of another revision is replaced
 * @param restarts rises with each restart asked for
 */
public record WantedTool(
    UUID toolInstanceId,
    String name,
    String image,
    List<String> command,
    Map<String, String> environment,
    List<Port> ports,
    int memoryMb,
    double cpus,
    boolean readOnlyRoot,
    String desired,
    long revision,
    long restarts) {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");
  private static final int DEFAULT_MEMORY_MB = 256;
  private static final double DEFAULT_CPUS = 0.5;

  public WantedTool {
    command = command == null ? List.of() : List.copyOf(command);
    environment = environment == null ? Map.of() : Map.copyOf(environment);
    ports = ports == null ? List.of() : List.copyOf(ports);
    memoryMb = memoryMb <= 0 ? DEFAULT_MEMORY_MB : memoryMb;
    cpus = cpus <= 0 ? DEFAULT_CPUS : cpus;
  }

  @JsonIgnore
  public boolean hasId() {
    return toolInstanceId != null;
  }

  @JsonIgnore
  public boolean wantsRunning() {
    return !"stopped".equals(desired);
  }

  /** Why no container can be made of this entry, or empty. */
  public Optional<String> objection(int agentPort) {
    if (name == null || !NAME.matcher(name).matches()) {
      return Optional.of("the name '" + name + "' is not letters, digits, '_', '.' or '-'");
    }
    if (image == null || image.isBlank()) {
      return Optional.of("no image is named");
    }
    for (var port : ports) {
      if (port.hostPort() != null && port.hostPort() == agentPort) {
        return Optional.of("host port " + agentPort + " is the agent's own; choose another");
      }
      if (port.containerPort() < 1 || port.containerPort() > 65_535) {
        return Optional.of("container port " + port.containerPort() + " is not 1 to 65535");
      }
    }
    return Optional.empty();
  }

  /**
   * Changes when anything changes that a container cannot take over while it lives. A hash, because
   * the environment holds secrets and labels can be read by others.
   */
  public String specHash() {
    var canonical =
        String.join(
            "\n",
            image,
            list(command),
            list(new TreeMap<>(environment).entrySet().stream().map(Object::toString).toList()),
            list(ports.stream().map(Object::toString).toList()),
            Integer.toString(memoryMb),
            Double.toString(cpus),
            Boolean.toString(readOnlyRoot));
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var hash = digest.digest(canonical.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Lengths keep ["a b"] and ["a", "b"] apart. */
  private static String list(List<String> values) {
    var text = new StringBuilder();
    values.forEach(v -> text.append(v.length()).append(':').append(v).append(';'));
    return text.toString();
  }

  /** What a failure belongs to: once this changes, the tool is tried again at once. */
  public String wish() {
    return revision + "|" + restarts + "|" + desired + "|" + specHash();
  }

  /** The environment holds secrets. */
  @Override
  public String toString() {
    return "WantedTool[" + name + " " + toolInstanceId + " revision=" + revision + "]";
  }
}
