package io.agentopia.toolbox.agent.reconcile;

import java.time.Instant;
import java.util.List;

/**
 * What the last pass made of everything.
 *
 * @param manifestKnown false until the first manifest: the tools are then not all known
 * @param appliedGeneration highest manifest generation whose tools are all as wanted, or reported
 *     with what failed
 */
public record ToolsSnapshot(
    Instant at,
    boolean manifestKnown,
    long manifestGeneration,
    long appliedGeneration,
    List<ToolView> tools) {

  public static ToolsSnapshot nothingYet(long appliedGeneration, Instant now) {
    return new ToolsSnapshot(now, false, 0, appliedGeneration, List.of());
  }

  /** What differs in this is worth a report. */
  public Object observable() {
    return List.of(appliedGeneration, tools.stream().map(ToolView::observable).toList());
  }
}
