package io.agentopia.toolbox.agent.tools;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A container with our toolbox label, as the engine describes it.
 *
 * @param toolInstanceId null when the label is missing or unreadable
 * @param spec hash of what was asked for when it was made
 * @param exitCode of the last run; null while it runs or before it ran
 * @param restartCount how often Docker started it again by itself
 * @param startedAt null before the first start
 * @param error what the engine said about the last failed start, or empty
 */
public record ObservedContainer(
    String id,
    String name,
    UUID toolInstanceId,
    String toolName,
    long revision,
    long restarts,
    String spec,
    String image,
    State state,
    Integer exitCode,
    boolean outOfMemory,
    int restartCount,
    Instant startedAt,
    String error,
    List<Port> ports) {

  /** Docker's own words. */
  public enum State {
    CREATED,
    RUNNING,
    RESTARTING,
    PAUSED,
    EXITED,
    REMOVING,
    DEAD;

    public boolean isAlive() {
      return this == RUNNING || this == RESTARTING || this == PAUSED;
    }
  }

  public ObservedContainer {
    ports = ports == null ? List.of() : List.copyOf(ports);
  }

  /** As it ended last, where Docker has forgotten that. */
  public ObservedContainer ended(Integer code, boolean forWantOfMemory) {
    return new ObservedContainer(
        id,
        name,
        toolInstanceId,
        toolName,
        revision,
        restarts,
        spec,
        image,
        state,
        code,
        forWantOfMemory,
        restartCount,
        startedAt,
        error,
        ports);
  }

  public boolean isOf(WantedTool tool) {
    return tool.toolInstanceId().equals(toolInstanceId);
  }

  /** Made from exactly this entry of the manifest. */
  public boolean matches(WantedTool tool) {
    return revision == tool.revision() && tool.specHash().equals(spec);
  }

  /** Key of the work on it: its tool, or itself when the tool is not known. */
  public String key() {
    return toolInstanceId == null ? id : toolInstanceId.toString();
  }
}
