package io.agentopia.toolbox.simulator.docker.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/**
 * What a container uses: a little of the processor that grows with its age, some memory. Of a
 * container that does not run Docker tells nothing but zeros.
 */
final class Stats {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final long MIB = 1024L * 1024L;

  /** Half a percent of one processor. */
  private static final long USED_OF_A_SECOND = 5_000_000L;

  private Stats() {}

  static ObjectNode of(Container container, EngineProfile profile, Instant now) {
    var view = JSON.objectNode();
    var up = container.isUp();
    view.put("read", up ? now.toString() : ContainerView.NEVER);
    view.put("preread", up ? now.minusSeconds(1).toString() : ContainerView.NEVER);
    var pids = view.putObject("pids_stats");
    if (up) {
      pids.put("current", 1).put("limit", container.hostConfig.path("PidsLimit").asLong(0));
    }
    view.putObject("blkio_stats").putArray("io_service_bytes_recursive");
    view.put("num_procs", 0);
    view.putObject("storage_stats");
    view.set("cpu_stats", cpu(container, profile, now));
    view.set("precpu_stats", cpu(container, profile, now.minusSeconds(1)));
    view.set("memory_stats", memory(container, profile));
    view.put("name", "/" + container.name).put("id", container.id);
    if (up) {
      var sent = Duration.between(container.startedAt, now).toSeconds() * 128;
      var networks = view.putObject("networks");
      var index = 0;
      for (var ignored : container.networks.keySet()) {
        networks
            .putObject("eth" + index++)
            .put("rx_bytes", sent)
            .put("rx_packets", sent / 64)
            .put("rx_errors", 0)
            .put("rx_dropped", 0)
            .put("tx_bytes", sent)
            .put("tx_packets", sent / 64)
            .put("tx_errors", 0)
            .put("tx_dropped", 0);
      }
    }
    return view;
  }

  private static ObjectNode cpu(Container container, EngineProfile profile, Instant at) {
    var up = container.isUp() && !at.isBefore(container.startedAt);
    var used =
        up ? Duration.between(container.startedAt, at).toMillis() * USED_OF_A_SECOND / 1000 : 0;
    var view = JSON.objectNode();
    view.putObject("cpu_usage")
        .put("total_usage", used)
        .put("usage_in_kernelmode", used / 4)
        .put("usage_in_usermode", used - used / 4);
    if (up) {
      view.put("system_cpu_usage", at.toEpochMilli() * 1_000_000L * profile.cpus());
      view.put("online_cpus", profile.cpus());
    }
    view.putObject("throttling_data")
        .put("periods", 0)
        .put("throttled_periods", 0)
        .put("throttled_time", 0);
    return view;
  }

  private static ObjectNode memory(Container container, EngineProfile profile) {
    var view = JSON.objectNode();
    if (container.isUp()) {
      var asked = container.hostConfig.path("Memory").asLong(0);
      var limit = asked > 0 ? asked : profile.memoryBytes();
      view.put("usage", Math.min(4 * MIB, limit)).put("limit", limit);
      view.putObject("stats").put("inactive_file", 0).put("active_file", 0);
    }
    return view;
  }
}
