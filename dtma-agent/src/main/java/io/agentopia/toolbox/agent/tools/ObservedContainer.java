package io.agentopia.toolbox.agent.tools;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A container with our toolbox label, as the engine describes it. */
public record ObservedContainer(
    String id, String name, String image, Origin origin, Run run, List<Port> ports) {

  /**
   * What it was made for, as its labels say.
   *
   * @param toolInstanceId null when the label is missing or unreadable
   * @param spec hash of what was asked for when it was made
   */
  public record Origin(
      UUID toolInstanceId, String toolName, long revision, long restarts, String spec) {

    public static Origin of(WantedTool tool) {
      return new Origin(
          tool.toolInstanceId(), tool.name(), tool.revision(), tool.restarts(), tool.spec().hash());
    }
  }

  /**
   * How it does.
   *
   * @param exitCode of the last run; null while it runs or before it ran
   * @param restartCount how often Docker started it again by itself
   * @param startedAt null before the first start
   */
  public record Run(
      State state, Integer exitCode, boolean outOfMemory, int restartCount, Instant startedAt) {
    public static final Run NEVER = new Run(State.CREATED, null, false, 0, null);
  }

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

  public ObservedContainer with(Run now) {
    return new ObservedContainer(id, name, image, origin, now, ports);
  }

  /** As it ended last, where Docker has forgotten that. */
  public ObservedContainer ended(Integer code, boolean forWantOfMemory) {
    return with(new Run(run.state, code, forWantOfMemory, run.restartCount, run.startedAt));
  }

  public State state() {
    return run.state;
  }

  public UUID toolInstanceId() {
    return origin.toolInstanceId;
  }

  public boolean isOf(WantedTool tool) {
    return tool.toolInstanceId().equals(toolInstanceId());
  }

  /** Made from exactly this entry of the manifest. */
  public boolean matches(WantedTool tool) {
    return origin.revision == tool.revision() && tool.spec().hash().equals(origin.spec);
  }

  /** Key of the work on it: its tool, or itself when the tool is not known. */
  public String key() {
    return toolInstanceId() == null ? id : toolInstanceId().toString();
  }
}
