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
public record Outlook(
    Instant at,
    boolean manifestKnown,
    long manifestGeneration,
    long appliedGeneration,
    List<ToolView> tools) {

  public static Outlook nothingYet(long appliedGeneration, Instant now) {
    return new Outlook(now, false, 0, appliedGeneration, List.of());
  }

  /** Equal outlooks need no second report. */
  public Object observable() {
    return List.of(appliedGeneration, tools.stream().map(ToolView::observable).toList());
  }
}
