package io.agentopia.toolbox.agent.http;

import io.agentopia.toolbox.agent.lifecycle.Agent;
import io.agentopia.toolbox.agent.metrics.Measurement;
import io.agentopia.toolbox.agent.reconcile.ToolStatus;

/** {@code GET /metrics}, in Prometheus' text format 0.0.4. Names carry their base unit. */
final class PrometheusText {
  static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";
  private final StringBuilder text = new StringBuilder(2_048);

  static String of(Agent agent) {
    var page = new PrometheusText();
    var facts = agent.engineFacts();
    var tools = agent.tools();
    agent
        .metrics()
        .forEach((what, value) -> page.gauge("dtma_" + nameOf(what), what.help(), value));
    page.gauge("dtma_uptime_seconds", "Since the agent started", agent.uptime().toSeconds());
    page.gauge("dtma_docker_reachable", "1 when Docker answers", facts.reachable() ? 1 : 0);
    page.gauge("dtma_docker_containers", "Running containers", facts.runningContainers());
    page.gauge("dtma_manifest_generation", "Highest manifest seen", agent.highestManifest());
    page.gauge("dtma_manifest_applied_generation", "Manifest applied", tools.appliedGeneration());
    page.head("dtma_tools", "gauge", "Tools by status");
    for (var status : ToolStatus.values()) {
      var count = tools.tools().stream().filter(t -> t.status() == status).count();
      page.line("dtma_tools{status=\"" + status.wire() + "\"}", count);
    }
    page.head("dtma_actions_total", "counter", "Actions on containers since the start");
    page.line("dtma_actions_total{outcome=\"done\"}", agent.actionsDone());
    page.line("dtma_actions_total{outcome=\"failed\"}", agent.actionsFailed());
    var freed = agent.diskReport();
    page.head("dtma_disk_guard_freed_bytes_total", "counter", "Sizes of the images removed");
    page.line("dtma_disk_guard_freed_bytes_total", freed.freedBytesTotal());
    page.head("dtma_disk_guard_removed_images_total", "counter", "Images removed");
    page.line("dtma_disk_guard_removed_images_total", freed.removedImagesTotal());
    agent.heartbeat().ifPresent(beat -> page.heartbeats(beat.sent(), beat.failed()));
    return page.text.toString();
  }

  /** {@code cpu_usage_percent}, {@code memory_total_bytes}. */
  private static String nameOf(Measurement what) {
    return what.isPercent() ? what.usage() + "_percent" : what.snake();
  }

  private void heartbeats(long sent, long failed) {
    head("dtma_heartbeats_total", "counter", "Heartbeats since the start");
    line("dtma_heartbeats_total{outcome=\"ok\"}", sent - failed);
    line("dtma_heartbeats_total{outcome=\"failed\"}", failed);
  }

  private void gauge(String name, String help, Number value) {
    head(name, "gauge", help);
    line(name, value);
  }

  private void head(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void line(String series, Number value) {
    text.append(series).append(' ').append(value).append('\n');
  }
}
