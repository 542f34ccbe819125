package io.agentopia.toolbox.gateway.web;

import io.agentopia.toolbox.gateway.account.Caller;
import io.agentopia.toolbox.gateway.catalog.Catalog;
import io.agentopia.toolbox.gateway.tool.ToolDocument;
import io.agentopia.toolbox.gateway.toolbox.ToolboxDocument;
import io.agentopia.toolbox.gateway.toolbox.ToolboxDocument.WaitsFor;
import io.agentopia.toolbox.runtime.http.Problem;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateExtension;
import io.quarkus.qute.TemplateInstance;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The templates, and the words they use. */
final class Pages {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private Pages() {}

  /** A timeline entry with the time since the one before. */
  public record Step(String stage, String at, String took, String detail, String logTail) {}

  @CheckedTemplate(basePath = "page")
  static final class Page {
    private Page() {}

    static native TemplateInstance login(Problem problem);

    /**
     * @param cursor where the shown part of the list begins; null: with the newest
     * @param older where the next part begins; null where there is none
     */
    static native TemplateInstance toolboxes(
        Caller caller, List<ToolboxDocument> items, Catalog catalog, String cursor, String older);

    static native TemplateInstance toolbox(
        Caller caller, ToolboxDocument toolbox, List<ToolDocument> tools, List<Step> steps);

    static native TemplateInstance problem(Problem problem);
  }

  @CheckedTemplate(basePath = "part")
  static final class Part {
    private Part() {}

    static native TemplateInstance toolboxes(
        List<ToolboxDocument> items, String cursor, String older);

    static native TemplateInstance toolbox(
        ToolboxDocument toolbox, List<ToolDocument> tools, List<Step> steps);

    static native TemplateInstance timeline(UUID id, List<Step> steps, String earlier);

    static native TemplateInstance problem(Problem problem);
  }

  static List<Step> steps(ToolboxDocument toolbox) {
    return steps(toolbox.timeline(), toolbox.timelineCursor() == null ? toolbox.createdAt() : null);
  }

  /**
   * @param timeline oldest first
   * @param before when what is before them was; null where that is not known here
   */
  static List<Step> steps(List<ToolboxDocument.Stage> timeline, Instant before) {
    var steps = new java.util.ArrayList<Step>();
    var last = before;
    for (var stage : timeline) {
      steps.add(
          new Step(
              words(stage.stage()),
              time(stage.at()),
              last == null ? "" : "+" + duration(Duration.between(last, stage.at())),
              stage.detail(),
              stage.logTail()));
      last = stage.at();
    }
    return steps;
  }

  @TemplateExtension
  static String words(String code) {
    return code == null ? "" : code.replace('_', ' ');
  }

  @TemplateExtension
  static String words(WaitsFor waiting) {
    return switch (waiting.what()) {
      case "droplet" -> "Waits for the cloud to give a droplet";
      case "address" -> "Waits for the droplet's address";
      case "agent_join" -> "Waits for the agent to join from the droplet";
      case "agent_health" -> "Waits for the agent to be healthy";
      case "droplet_deletion" -> "Waits for the droplet to be deleted";
      default -> "Waits for: " + words(waiting.what());
    };
  }

  @TemplateExtension
  static String time(Instant at) {
    return at == null ? "" : TIME.format(at);
  }

  /** What colour a status has: good, busy, bad or off. */
  @TemplateExtension
  static String tone(String status) {
    return TONES.getOrDefault(status, "busy");
  }

  private static final Map<String, String> TONES =
      Map.ofEntries(
          Map.entry("active", "good"),
          Map.entry("running", "good"),
          Map.entry("healthy", "good"),
          Map.entry("unresponsive", "bad"),
          Map.entry("degraded", "bad"),
          Map.entry("error_provisioning", "bad"),
          Map.entry("error_deprovisioning", "bad"),
          Map.entry("failed", "bad"),
          Map.entry("deprovisioned", "off"),
          Map.entry("removed", "off"),
          Map.entry("stopped", "off"),
          Map.entry("unknown", "off"));

  private static String duration(Duration d) {
    var millis = Math.max(0, d.toMillis());
    return millis < 60_000
        ? String.format(java.util.Locale.ROOT, "%.1f s", millis / 1000.0)
        : d.toMinutes() + " min " + d.toSecondsPart() + " s";
  }
}
