package io.agentopia.toolbox.agent.tools;

import io.agentopia.toolbox.agent.json.Json;
import java.time.Instant;
import java.util.HashMap;
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
    return entry(
        id,
        name,
        Map.of(
            "image", image,
            "command", List.of("sleep", "infinity"),
            "environment", Map.of("MODE", "demo"),
            "ports", ports,
            "memoryMb", 64,
            "desired", desired,
            "revision", revision,
            "restarts", restarts));
  }

  /**
   * As it is read from a manifest that says this of it, and else only that it shall run: a field
   * more needs no word here.
   */
  public static WantedTool entry(UUID id, String name, Map<String, ?> said) {
    var all = new HashMap<String, Object>(Map.of("desired", "running", "revision", 1));
    all.putAll(said);
    all.put("toolInstanceId", id);
    all.put("name", name);
    return Json.MAPPER.convertValue(all, WantedTool.class);
  }

  /** The container that {@code tool} would get, in {@code state}. */
  public static ObservedContainer container(
      String id, String name, WantedTool tool, ObservedContainer.State state) {
    var ended =
        state == ObservedContainer.State.EXITED || state == ObservedContainer.State.RESTARTING;
    var startedAt = state == ObservedContainer.State.CREATED ? null : NOW.minusSeconds(60);
    return new ObservedContainer(
        id,
        name,
        tool.image(),
        ObservedContainer.Origin.of(tool),
        new ObservedContainer.Run(state, ended ? 1 : null, false, 0, startedAt),
        List.of());
  }

  /** Restarted by Docker {@code count} times, last {@code secondsAgo}. */
  public static ObservedContainer restarted(ObservedContainer c, int count, int secondsAgo) {
    var run = c.run();
    return c.with(
        new ObservedContainer.Run(
            run.state(), 1, run.outOfMemory(), count, NOW.minusSeconds(secondsAgo)));
  }
}
