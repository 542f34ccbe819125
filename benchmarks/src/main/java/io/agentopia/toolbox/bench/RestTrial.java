package io.agentopia.toolbox.bench;

import io.agentopia.toolbox.bench.load.Requests;
import io.agentopia.toolbox.bench.measure.Counts;
import io.agentopia.toolbox.bench.measure.Figures;
import io.agentopia.toolbox.bench.subject.Stage;
import io.agentopia.toolbox.bench.subject.Stage.Settings;
import io.agentopia.toolbox.bench.subject.Subject;
import io.agentopia.toolbox.local.Components;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the platform uses while nothing is asked of it, at growing numbers of toolboxes. They are
 * made the usual way, in bulk, by light agents that beat once in an hour and are believed for two:
 * what is left is what the toolboxes cost by being there.
 */
record RestTrial(List<Integer> sizes, Duration time, double perSecond) implements Trial {
  private static final Duration PER_TOOLBOX = Duration.ofSeconds(2);
  private static final Duration SETTLE = Duration.ofSeconds(15);
  private static final Map<String, Map<String, String>> SILENT =
      Map.of(
          Components.GATEWAY, Map.of("GATEWAY_HEARTBEAT_EVERY", "1H"),
          Components.HEALTH,
              Map.of(
                  "HEALTH_SILENCE", "2H",
                  "HEALTH_DOCKER_LOST", "2H",
                  "HEALTH_REMEDIATION_SILENCE", "2H"));

  @Override
  public Figures run(Subject subject, Path work) throws InterruptedException {
    var figures = new Figures();
    try (var stage = Stage.start(subject, work, new Settings(Duration.ZERO, SILENT))) {
      var there = 0;
      for (var size : sizes) {
        var more = size - there;
        var patience = Duration.ofMinutes(2).plus(PER_TOOLBOX.multipliedBy(more));
        var made = new Requests(stage, false).run(more, perSecond, patience);
        if (made.done() < more) {
          throw new IllegalStateException(
              "of %d more toolboxes %d are active".formatted(more, made.done()));
        }
        there = size;
        rest(stage, size, figures);
      }
    }
    return figures;
  }

  private void rest(Stage stage, int size, Figures figures) throws InterruptedException {
    Thread.sleep(SETTLE);
    var counter = stage.counter();
    var before = counter.read();
    Thread.sleep(time);
    var spent = counter.read().since(before);
    var name = "CPU at rest with " + size + ", ms/s";
    figures
        .put(name, Counts.sum(spent.cpuMillis()) / spent.seconds())
        .putEach(name, spent.cpuMillis(), spent.seconds())
        .put(
            "transactions/s at rest with " + size,
            Counts.sum(spent.transactions()) / spent.seconds());
  }
}
