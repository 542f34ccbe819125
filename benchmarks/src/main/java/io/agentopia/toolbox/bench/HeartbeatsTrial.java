package io.agentopia.toolbox.bench;

import io.agentopia.toolbox.bench.load.Beats;
import io.agentopia.toolbox.bench.load.Requests;
import io.agentopia.toolbox.bench.measure.Figures;
import io.agentopia.toolbox.bench.measure.Spread;
import io.agentopia.toolbox.bench.subject.Stage;
import io.agentopia.toolbox.bench.subject.Stage.Settings;
import io.agentopia.toolbox.bench.subject.Subject;
import io.agentopia.toolbox.local.Components;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Heartbeats of agents with real tokens: as fast as they are answered, then at given rates. The
 * light agents themselves are told to beat once in an hour, so that all that is counted was sent by
 * the measurement.
 */
record HeartbeatsTrial(int agents, int connections, Duration time, List<Integer> rates)
    implements Trial {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @Override
  public Figures run(Subject subject, Path work) throws InterruptedException {
    var figures = new Figures();
    var quiet = Map.of(Components.GATEWAY, Map.of("GATEWAY_HEARTBEAT_EVERY", "1H"));
    try (var stage = Stage.start(subject, work, new Settings(Duration.ZERO, quiet))) {
      new Requests(stage, false).run(agents, 20, PATIENCE);
      var tokens = Beats.tokens(stage.droplets());
      if (tokens.size() < agents) {
        throw new IllegalStateException(
            "of %d agents %d have joined".formatted(agents, tokens.size()));
      }
      var beats = new Beats(stage.stack().url(Components.GATEWAY), tokens);
      beats.send(connections, 0, time);
      closedLoop(stage, beats, figures);
      for (var rate : rates) {
        var sent = beats.send(connections * 4, rate, time);
        figures
            .put("at " + rate + "/s: answered/s", sent.millis().size() / sent.seconds())
            .put("at " + rate + "/s: answer p99, ms", Spread.percentile(sent.millis(), 0.99));
      }
    }
    return figures;
  }

  private void closedLoop(Stage stage, Beats beats, Figures figures) throws InterruptedException {
    var counter = stage.counter();
    var before = counter.read();
    var sent = beats.send(connections, 0, time);
    var spent = counter.read().since(before);
    sent.figures(figures, spent);
  }
}
