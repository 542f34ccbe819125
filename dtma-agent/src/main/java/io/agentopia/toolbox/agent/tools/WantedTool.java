package io.agentopia.toolbox.agent.tools;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One entry of the manifest.
 *
 * @param desired {@code running} or {@code stopped}
 * @param revision rises with each new deployment; a container of another revision is replaced
 * @param restarts rises with each restart asked for
 */
public record WantedTool(
    UUID toolInstanceId,
    String name,
    @JsonUnwrapped ToolSpec spec,
    String desired,
    long revision,
    long restarts) {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

  public WantedTool {
    spec = spec == null ? ToolSpec.NONE : spec;
  }

  @JsonIgnore
  public boolean hasId() {
    return toolInstanceId != null;
  }

  @JsonIgnore
  public boolean wantsRunning() {
    return !"stopped".equals(desired);
  }

  public String image() {
    return spec.image();
  }

  /** Why no container can be made of this entry, or empty. */
  public Optional<String> objection(int agentPort) {
    if (name == null || !NAME.matcher(name).matches()) {
      return Optional.of("the name '" + name + "' is not letters, digits, '_', '.' or '-'");
    }
    if (image() == null || image().isBlank()) {
      return Optional.of("no image is named");
    }
    for (var port : spec.ports()) {
      if (port.hostPort() != null && port.hostPort() == agentPort) {
        return Optional.of("host port " + agentPort + " is the agent's own; choose another");
      }
      if (port.containerPort() < 1 || port.containerPort() > 65_535) {
        return Optional.of("container port " + port.containerPort() + " is not 1 to 65535");
      }
    }
    return Optional.empty();
  }

  /** What a failure belongs to: once this changes, the tool is tried again at once. */
  public String wish() {
    return revision + "|" + restarts + "|" + desired + "|" + spec.hash();
  }

  @Override
  public String toString() {
    return "WantedTool[" + name + " " + toolInstanceId + " revision=" + revision + "]";
  }
}
