package io.agentopia.toolbox.agent.tools;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Wanted tools and containers to vary from. */
public final class Samples {
  public static final UUID TOOLBOX = UUID.fromString("01990000-0000-7000-8000-00000000bbcc");
  public static final UUID SEARCH = UUID.fromString("01990000-0000-7000-8000-0000000000a1");
  public static final UUID MAIL = UUID.fromString("01990000-0000-7000-8000-0000000000a2");
  public static final String IMAGE = "debian:bookworm-slim";
  public static final Instant NOW = Instant.parse("2026-11-23T15:00:00Z");

  private Samples() {}

  public static WantedTool search() {
    return wanted(SEARCH, "search", IMAGE, "running", 1, 0);
  }

  public static WantedTool mail() {
    return wanted(MAIL, "mail", IMAGE, "running", 1, 0);
  }

  public static WantedTool wanted(
      UUID id, String name, String image, String desired, long revision, long restarts) {
    return wanted(id, name, image, desired, revision, restarts, List.of());
  }

  public static WantedTool wanted(
      UUID id,
      String name,
      String image,
      String desired,
      long revision,
      long restarts,
      List<Port> ports) {
    return new WantedTool(
        id,
        name,
        image,
        List.of("sleep", "infinity"),
        Map.of("MODE", "demo"),
        ports,
        64,
        0.5,
        false,
        desired,
        revision,
        restarts);
  }

  /** The container that {@code tool} would get, in {@code state}. */
  public static ObservedContainer container(
      String id, String name, WantedTool tool, ObservedContainer.State state) {
    var ended =
        state == ObservedContainer.State.EXITED || state == ObservedContainer.State.RESTARTING;
    return new ObservedContainer(
        id,
        name,
        tool.toolInstanceId(),
        tool.name(),
        tool.revision(),
        tool.restarts(),
        tool.specHash(),
        tool.image(),
        state,
        ended ? 1 : null,
        false,
        0,
        state == ObservedContainer.State.CREATED ? null : NOW.minusSeconds(60),
        "",
        List.of());
  }

  /** Restarted by Docker {@code count} times, last {@code secondsAgo}. */
  public static ObservedContainer restarted(ObservedContainer c, int count, int secondsAgo) {
    return new ObservedContainer(
        c.id(),
        c.name(),
        c.toolInstanceId(),
        c.toolName(),
        c.revision(),
        c.restarts(),
        c.spec(),
        c.image(),
        c.state(),
        1,
        c.outOfMemory(),
        count,
        NOW.minusSeconds(secondsAgo),
        c.error(),
        c.ports());
  }
}
